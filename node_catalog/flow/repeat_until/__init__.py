"""Repeats steps until conditions hold."""
