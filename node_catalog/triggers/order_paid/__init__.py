"""Starts when an order is paid."""
