"""Delete rows."""
