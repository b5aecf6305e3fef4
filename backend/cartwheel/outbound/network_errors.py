"""aiohttp's and httpx's errors as ours: kind and sentence. Pure."""

import aiohttp

from cartwheel.outbound.exchange import ExchangeError, FailureKind
from cartwheel.outbound.tls import certificate_words


def cause_of(error: Exception) -> BaseException:
    """aiohttp's error: the transport translates some of them into the wrong httpx class."""
    return error.__cause__ if isinstance(error.__cause__, aiohttp.ClientError) else error


def network_error(error: Exception, host: str, *, connected: bool) -> ExchangeError:
    """What to tell about a call to `host` that broke, before or after there was a connection."""
    cause = cause_of(error)
    match cause:
        case aiohttp.ClientConnectorDNSError():
            return ExchangeError(
                FailureKind.NAME_UNKNOWN,
                f"There is no server called “{host}”. Check the address for a typing mistake.",
            )
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError():
            return ExchangeError(
                FailureKind.TLS,
                f"The secure connection to “{host}” failed: {_certificate_words(cause)}.",
            )
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return _no_connection(host)
        case aiohttp.ClientResponseError():
            return ExchangeError(
                FailureKind.BAD_ANSWER, f"“{host}” answered with something that is not HTTP."
            )
    if not connected:
        return _no_connection(host)
    return ExchangeError(
        FailureKind.BROKEN_OFF, f"“{host}” broke the connection off before its answer was complete."
    )


def _certificate_words(
    error: aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError,
) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return certificate_words(error.certificate_error)
    return certificate_words(error.os_error)


def _no_connection(host: str) -> ExchangeError:
    return ExchangeError(
        FailureKind.NO_CONNECTION, f"“{host}” does not take connections at the moment."
    )


def timed_out(host: str, seconds: float, *, connected: bool) -> ExchangeError:
    """What to tell about a call that used up its time."""
    if not connected:
        return _no_connection(host)
    return ExchangeError(
        FailureKind.TIMED_OUT, f"“{host}” did not answer within {seconds:g} seconds."
    )
