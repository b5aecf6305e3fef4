"""Counts and sums up a list."""
