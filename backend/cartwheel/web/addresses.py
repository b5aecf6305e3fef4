"""Addresses with characters that no database can be asked about."""

from starlette.types import ASGIApp, Receive, Scope, Send

from cartwheel.errors import Problem


class PlainAddresses:
    """Middleware: refuses NUL in a path or query, once for every route behind it.

    PostgreSQL answers a NUL in any text with an error that would look like a bug of ours.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and ("\0" in scope["path"] or b"%00" in scope["query_string"]):
            raise Problem("The address contains the character NUL (%00).", code="bad_address")
        await self.app(scope, receive, send)
