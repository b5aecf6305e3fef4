"""Sends an e-mail."""
