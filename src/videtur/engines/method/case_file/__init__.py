"""A case as one file: read with line numbers, checked for its references, written back as it was."""
