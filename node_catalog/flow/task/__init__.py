"""Gives a person something to do."""
