"""Every entity of a case (domain model, section 2), one module for each room of the house."""
