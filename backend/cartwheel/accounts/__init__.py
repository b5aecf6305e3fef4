"""Workspaces, people, roles, sessions and tokens."""
