"""Goes one of two ways."""
