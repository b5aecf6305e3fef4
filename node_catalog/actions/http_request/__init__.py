"""Calls any web address."""
