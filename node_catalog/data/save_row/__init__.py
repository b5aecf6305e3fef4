"""Save a row."""
