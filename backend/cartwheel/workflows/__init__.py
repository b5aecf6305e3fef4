"""Workflows: the drawn graph, what may be wrong with it, its drafts and immutable versions."""
