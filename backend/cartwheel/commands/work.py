"""`cartwheel worker`: a process that moves runs."""

import argparse
import asyncio

import uvloop

from cartwheel.commands.book import open_book
from cartwheel.commands.log_lines import write_logs
from cartwheel.commands.reporting import report
from cartwheel.commands.settling import settle_soon
from cartwheel.settings import Settings
from cartwheel.worker import run_until_signalled


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Work until a signal to stop; what is in hand comes to rest first."""
    write_logs(settings, "worker")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_work(settings, arguments))
    return 0


async def _work(settings: Settings, arguments: argparse.Namespace) -> None:
    if arguments.report_fd is None:
        async with open_book(settings):
            pass  # Refuses with a sentence what would otherwise end in the middle of the start.

    def started() -> None:
        settle_soon()
        report(arguments.report_fd, "works")

    await run_until_signalled(settings, arguments.name, started=started)
