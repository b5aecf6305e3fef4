"""`cartwheel token create`."""

import argparse
import asyncio

from cartwheel.accounts.first_start import create_token, ensure_owner
from cartwheel.commands.book import open_book
from cartwheel.errors import CommandRefused
from cartwheel.settings import Settings

LONGEST_NAME = 120


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print a new API token and nothing else."""
    name = arguments.name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise CommandRefused(f"Give the token a name of 1 to {LONGEST_NAME} characters.")
    print(asyncio.run(_create(settings, name)))
    return 0


async def _create(settings: Settings, name: str) -> str:
    async with open_book(settings) as database:
        await ensure_owner(database)
        return await create_token(database, name)
