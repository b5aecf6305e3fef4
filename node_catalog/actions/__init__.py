"""Steps that act outside."""
