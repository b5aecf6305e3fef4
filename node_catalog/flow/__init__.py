"""Steps that wait or end."""
