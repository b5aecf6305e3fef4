"""Sends each customer one of several ways."""
