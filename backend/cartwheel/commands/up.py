"""`cartwheel up`."""

import argparse
import sys

from cartwheel.errors import CommandRefused
from cartwheel.settings import Settings


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Everything on this machine, until a signal to stop."""
    if sys.platform == "win32":
        raise CommandRefused(
            "Cartwheel runs on Linux and macOS. On Windows, start it inside WSL "
            "(the Windows Subsystem for Linux)."
        )
    from cartwheel.supervision.up import run_up

    return run_up(settings)
