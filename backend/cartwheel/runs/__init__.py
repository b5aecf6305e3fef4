"""Runs: the engine, and everything that makes it durable."""
