"""Starts when a program reports an event by name."""
