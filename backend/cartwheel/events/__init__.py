"""What happened in the world: stored once, normalised, replayed."""
