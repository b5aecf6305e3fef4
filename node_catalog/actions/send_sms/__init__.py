"""Sends a text message."""
