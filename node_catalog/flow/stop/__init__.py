"""Ends the run."""
