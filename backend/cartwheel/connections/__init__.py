"""Credentials for other companies, encrypted in `store` only."""
