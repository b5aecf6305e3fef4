"""Goes one of several ways."""
