"""Webhooks of any system that signs them by Standard Webhooks."""
