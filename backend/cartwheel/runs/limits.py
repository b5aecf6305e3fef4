"""What a run may not exceed, the same for real runs and simulations."""

from datetime import timedelta

MAXIMUM_STEPS = 50_000
"""Step records of one run."""

MAXIMUM_WAIT = timedelta(days=366)
"""The longest wait: a year, a leap year included."""

MAXIMUM_PARALLEL = 100
"""Passes through a body that are open at the same time."""

DEEPEST_LINEAGE = 8
"""How many workflows may set each other off before an event starts nothing more."""
