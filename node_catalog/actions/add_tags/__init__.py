"""Adds tags to an order, a customer or a product."""
