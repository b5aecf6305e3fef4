"""Brings paths together."""
