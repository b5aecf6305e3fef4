"""`cartwheel login-link`."""

import argparse
import asyncio
from dataclasses import replace

from cartwheel.accounts.login_links import make_login_link
from cartwheel.commands.book import open_book
from cartwheel.settings import Settings
from cartwheel.supervision.data_lock import installation_at


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Print a link that signs the owner in, once."""
    print(asyncio.run(_link(_at_its_address(settings))))
    return 0


async def _link(settings: Settings) -> str:
    async with open_book(settings) as database:
        return await make_login_link(database, settings)


def _at_its_address(settings: Settings) -> Settings:
    """A running `up` knows its port; the environment of this command may not."""
    running = installation_at(settings.data)
    if settings.public_url or running is None or running.address is None:
        return settings
    return replace(settings, public_url=running.address)
