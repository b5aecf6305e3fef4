"""Waits until something stops happening."""
