"""Waits for a while."""
