"""`cartwheel serve`: the API with the canvas, under uvicorn."""

import argparse
import asyncio
import socket

import uvicorn

from cartwheel.accounts.login_links import make_login_link
from cartwheel.app import CartwheelApp, create_app
from cartwheel.commands.book import open_book
from cartwheel.commands.log_lines import write_logs
from cartwheel.commands.reporting import report
from cartwheel.commands.settling import settle_soon
from cartwheel.settings import Settings
from cartwheel.supervision.listening import listen

GRACE_SECONDS = 10


class ApiServer(uvicorn.Server):
    """uvicorn's server, telling the supervisor when it answers and ending live streams in time."""

    def __init__(self, app: CartwheelApp, report_to: int | None) -> None:
        super().__init__(_config(app))
        self._app, self._report_to = app, report_to

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does; then a sign-in link goes to the supervisor."""
        await super().startup(sockets)
        settle_soon()
        if self.started and self._report_to is not None:
            state = self._app.state
            report(self._report_to, await make_login_link(state.database, state.settings))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Open streams never end by themselves, and would use up the whole grace."""
        await self._app.state.live.close()
        await super().shutdown(sockets)


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Answer until a signal to stop."""
    write_logs(settings, "api")
    if arguments.listen_fd is not None:
        listener = socket.socket(fileno=arguments.listen_fd)
    else:
        asyncio.run(_check(settings))
        listener = listen(settings.host, settings.port)
    server = ApiServer(create_app(settings), arguments.report_fd)
    server.run(sockets=[listener])
    return 0 if server.started else 1


async def _check(settings: Settings) -> None:
    """Refuse with a sentence what would otherwise end in the middle of the start."""
    async with open_book(settings):
        pass


def _config(app: CartwheelApp) -> uvicorn.Config:
    """Forwarded headers are the application's business: it knows which proxies are trusted."""
    return uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
