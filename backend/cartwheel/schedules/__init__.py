"""Workflows that start by the calendar."""
