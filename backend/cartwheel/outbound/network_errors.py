"""What broke on the network as ours: kind and sentence. Pure."""

import ssl

from cartwheel.outbound.exchange import ExchangeError, FailureKind
from cartwheel.outbound.guard import NameUnknown
from cartwheel.outbound.tls import certificate_words


def network_error(error: OSError, host: str) -> ExchangeError:
    """What to tell about a connection to `host` that did not come about."""
    if isinstance(error, NameUnknown):
        return ExchangeError(
            FailureKind.NAME_UNKNOWN,
            f"There is no server called “{host}”. Check the address for a typing mistake.",
        )
    if isinstance(error, ssl.SSLError):
        return ExchangeError(
            FailureKind.TLS,
            f"The secure connection to “{host}” failed: {certificate_words(error)}.",
        )
    return _no_connection(host)


def not_http(host: str) -> ExchangeError:
    """What came back cannot be read as an answer."""
    return ExchangeError(
        FailureKind.BAD_ANSWER, f"“{host}” answered with something that is not HTTP."
    )


def broken_off(host: str) -> ExchangeError:
    """The connection ended on the other side before the answer was complete."""
    return ExchangeError(
        FailureKind.BROKEN_OFF, f"“{host}” broke the connection off before its answer was complete."
    )


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
