"""The one TLS configuration for connections that leave: verified, by name."""

import ssl
from functools import cache

import httpx


@cache
def client_tls() -> ssl.SSLContext:
    """Trusts certifi's authorities, or the file named by `SSL_CERT_FILE` (a firm's own ERP)."""
    context = httpx.create_ssl_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def certificate_words(error: BaseException) -> str:
    """What is wrong with a certificate, in OpenSSL's words."""
    reason = getattr(error, "verify_message", None) or getattr(error, "reason", None)
    return str(reason or "the handshake failed").replace("_", " ").lower()
