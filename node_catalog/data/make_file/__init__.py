"""Make a file."""
