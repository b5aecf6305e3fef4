"""Read a CSV."""
