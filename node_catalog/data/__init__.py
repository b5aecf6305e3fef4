"""Steps that compute and look up."""
