"""Find a row."""
