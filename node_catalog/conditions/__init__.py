"""Steps that choose a way."""
