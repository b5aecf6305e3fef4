"""Writes to a customer on WhatsApp."""
