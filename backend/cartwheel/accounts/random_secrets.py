"""Secrets that we hand out: long and random, so a plain fast hash is enough to store them."""

import hashlib
import secrets

TOKEN_PREFIX = "cw_"  # noqa: S105  (a mark by which people and secret scanners know our tokens)


def new_secret() -> str:
    """256 random bits as 43 characters that are safe in addresses and cookies."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256 in hex, under which a secret is stored and found."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
