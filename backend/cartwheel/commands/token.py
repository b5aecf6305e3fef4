"""`cartwheel token create`."""

import argparse
import asyncio

from cartwheel.accounts.first_start import create_token, ensure_owner
from cartwheel.commands.book import open_book
from cartwheel.settings import Settings


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print a new API token and nothing else."""
    print(asyncio.run(_create(settings, arguments.name)))
    return 0


async def _create(settings: Settings, name: str) -> str:
    async with open_book(settings) as database:
        await ensure_owner(database)
        return await create_token(database, name)
