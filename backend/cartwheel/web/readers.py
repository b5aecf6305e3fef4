"""Who reads the answer: the language that a request asks for, for as long as it is answered."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from cartwheel.languages import preferred, reader


class Readers:
    """Middleware: `Accept-Language` decides in which language sentences are said."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope).get("accept-language") if scope["type"] == "http" else None
        if not asked:
            await self.app(scope, receive, send)
            return
        token = reader.set(preferred(asked))
        try:
            await self.app(scope, receive, send)
        finally:
            reader.reset(token)
