"""`cartwheel backup FILE`: a copy of this installation, made while it runs."""

import argparse
import asyncio
from pathlib import Path

from cartwheel.commands.book import plain_words, refuse_where_nothing_is
from cartwheel.errors import CommandRefused
from cartwheel.settings import Settings
from cartwheel.upkeep.backup import Backup, make_backup


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Write the copy, and say what to keep with it."""
    file = Path(arguments.file).absolute()
    if not file.parent.is_dir():
        raise CommandRefused(f"There is no folder {file.parent}.")
    refuse_where_nothing_is(settings)
    with plain_words(settings):
        made = asyncio.run(
            make_backup(settings, file, with_key=arguments.with_key, force=arguments.force)
        )
    print("\n".join(_words(made)))
    return 0


def _words(made: Backup) -> list[str]:
    size = f"{max(1, made.size_bytes // 1_000):,} kB"
    if made.holds_key:
        return [
            f"Saved to {made.file} ({size}), with the key.",
            "Whoever has this file has your connections' passwords: keep it as safe as them.",
        ]
    return [
        f"Saved to {made.file} ({size}), without the key.",
        f"Keep a copy of {made.key_source} somewhere else: without it the connections' passwords "
        "cannot be read again.",
    ]
