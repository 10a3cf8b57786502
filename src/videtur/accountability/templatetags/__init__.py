"""Tags of the pages of accountability."""
