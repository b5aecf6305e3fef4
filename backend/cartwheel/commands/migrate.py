"""`cartwheel migrate`: the database's schema, and the key beside it."""

import argparse
import asyncio

from cartwheel.commands.book import plain_words
from cartwheel.connections.vault import load_secret_key
from cartwheel.schema import migrate
from cartwheel.settings import Settings
from cartwheel.supervision.data_lock import make_folder


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Bring the database up to date; make the key that encrypts secrets where there is none."""
    make_folder(settings.data.root)
    with plain_words(settings):
        load_secret_key(settings)
        changed = asyncio.run(migrate(settings.database_url))
    if not arguments.quiet:
        print("The database was brought up to date." if changed else "The database is up to date.")
    return 0
