"""The built canvas, served with the right caching and with deep links."""

import os
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_HASHED = "public, max-age=31536000, immutable"
_ASKS_AGAIN = "no-cache"
NOT_PAGES = frozenset({"api", "hooks", "approve", "metrics"})
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Cartwheel</title>
<body style="font: 1.1rem system-ui; max-width: 36rem; margin: 4rem auto">
<h1>Cartwheel runs, but its canvas has not been built</h1>
<p>Start it with <code>uv run cartwheel up</code>, which builds the canvas first.
The API is described at <a href="/api/docs">/api/docs</a>.</p></body></html>"""


class Frontend(StaticFiles):
    """Files of the canvas. A path that is no file is a page of the canvas: it gets index.html.

    What lies under `/assets` has its hash in its name and may be kept for ever; all else is asked
    for again, so that a new build is seen at the next visit.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)
        self.config_checked = True  # a folder that is missing gets a page that says so
        self._index = folder / "index.html"

    async def get_response(self, path: str, scope: Scope) -> Response:
        first = path.replace(os.sep, "/").split("/")[0]
        if first in NOT_PAGES:
            raise HTTPException(404)
        try:
            answer = await self._file(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or first == "assets":
                raise
            answer = await self._page(scope)
        answer.headers["cache-control"] = _HASHED if first == "assets" else _ASKS_AGAIN
        return answer

    async def _file(self, path: str, scope: Scope) -> Response:
        return await super().get_response("index.html" if path == "." else path, scope)

    async def _page(self, scope: Scope) -> Response:
        if not self._index.is_file():
            return HTMLResponse(_NOT_BUILT, 503)
        return await super().get_response("index.html", scope)
