"""Asks people to approve something."""
