"""Writes to a Slack channel."""
