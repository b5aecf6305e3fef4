"""`cartwheel demo`: open or close the demo shop."""

import argparse
import asyncio

from cartwheel.accounts.first_start import FIRST_WORKSPACE, ensure_owner
from cartwheel.commands.book import open_book
from cartwheel.demo.schemas import LIVELIEST, DemoShopState
from cartwheel.demo.service import change_shop
from cartwheel.errors import CommandRefused
from cartwheel.settings import Settings


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Open the demo shop, or with `--off` close it; the worker does the rest."""
    pace = arguments.rate
    if pace is not None and not 1 <= pace <= LIVELIEST:
        raise CommandRefused(f"The rate is a number from 1 to {LIVELIEST} a minute.")
    state = asyncio.run(_change(settings, on=not arguments.off, per_minute=pace))
    if state.on:
        print(
            f"The demo shop is open: about {state.per_minute} things happen in it every minute, "
            "while Cartwheel runs. Close it with 'cartwheel demo --off'."
        )
    else:
        print("The demo shop is closed. What it made stays.")
    return 0


async def _change(settings: Settings, *, on: bool, per_minute: int | None) -> DemoShopState:
    async with open_book(settings) as database:
        await ensure_owner(database)
        return await change_shop(database, FIRST_WORKSPACE, on=on, per_minute=per_minute)
