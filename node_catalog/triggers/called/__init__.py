"""Starts when another workflow calls."""
