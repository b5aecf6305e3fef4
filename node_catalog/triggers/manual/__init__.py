"""Starts when a person asks for it."""
