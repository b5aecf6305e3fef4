"""Waits until a moment."""
