"""Addresses that two readers could read differently, or that no database can be asked about."""

from collections import Counter
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from cartwheel.errors import Problem


class BadAddress(Problem):
    """The path or the query cannot be understood in one way only."""

    status, code = 400, "bad_address"


class PlainAddresses:
    """Middleware: refuses NUL in an address, and a query parameter given twice to the API.

    PostgreSQL answers a NUL in any text with an error that would look like a bug of ours; of a
    parameter given twice, one would be passed over in silence.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            _check(scope["path"], scope["query_string"])
        await self.app(scope, receive, send)


def _check(path: str, query: bytes) -> None:
    if "\0" in path or b"%00" in query or b"\0" in query:
        raise BadAddress("The address contains the character NUL (%00). Leave it out.")
    if b"&" not in query or not path.startswith("/api/"):
        return
    names = Counter(name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    for name, count in names.items():
        if count > 1:
            raise BadAddress(f"The parameter {name[:80]!r} stands in the address twice. Keep one.")
