"""Runs another workflow."""
