"""Starts when the shop has a new customer."""
