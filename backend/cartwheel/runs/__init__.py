"""Runs: what a workflow does with one event, from the first step to the last."""
