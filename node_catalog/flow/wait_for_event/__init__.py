"""Waits for something to happen."""
