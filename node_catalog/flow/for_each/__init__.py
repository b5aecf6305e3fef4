"""Goes through a list."""
