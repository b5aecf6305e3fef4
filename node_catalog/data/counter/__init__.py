"""Count up."""
