"""`cartwheel restore FILE --data DIR`: an installation out of a backup."""

import argparse
import asyncio
from pathlib import Path

from cartwheel.commands.book import plain_words
from cartwheel.settings import Settings
from cartwheel.supervision.data_lock import make_folder, take_lock
from cartwheel.upkeep.restore import Restored, restore_backup


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Check the backup, put it in place, and say what is left to do."""
    make_folder(settings.data.root)
    lock = take_lock(settings.data)
    try:
        with plain_words(settings):
            done = asyncio.run(restore_backup(settings, Path(arguments.file).absolute()))
    finally:
        lock.release()
    print("\n".join(_words(done, settings)))
    return 0


def _words(done: Restored, settings: Settings) -> list[str]:
    lines = [f"Restored as of {done.made_at}."]
    if not done.key_is_there:
        lines.append(
            f"Before you start it, put the key of that installation into "
            f"{settings.data.secret_key}: without it the connections' passwords cannot be read "
            "and must be entered again."
        )
    if done.needs_migration and not settings.is_sqlite:
        lines.append("Then bring the database up to date with 'cartwheel migrate'.")
    lines.append(
        "Events that arrived after that moment are not in it: let the shop send them again."
    )
    return lines
