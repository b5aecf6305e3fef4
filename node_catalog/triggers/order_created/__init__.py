"""Starts when a customer places an order."""
