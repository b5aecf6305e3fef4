"""Workflows to begin with: a few questions, and the rest is drawn and wired already."""
