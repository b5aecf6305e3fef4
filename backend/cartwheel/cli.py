"""The command line. Each command is imported when it is called, so that asking for help is quick.

Exit codes: 0 done, 1 refused or failed (with a sentence on standard error), 2 wrongly called.
"""

import argparse
import gc
import importlib
import os
import re
import sys
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from cartwheel.errors import CommandRefused
from cartwheel.settings import DEFAULT_PORT, Settings, load_settings

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_COMMANDS = {
    "up": "cartwheel.commands.up",
    "serve": "cartwheel.commands.serve",
    "worker": "cartwheel.commands.work",
    "migrate": "cartwheel.commands.migrate",
    "backup": "cartwheel.commands.backup",
    "restore": "cartwheel.commands.restore",
    "login-link": "cartwheel.commands.login_link",
    "token": "cartwheel.commands.token",
    "nodes": "cartwheel.commands.nodes",
    "simulate": "cartwheel.commands.simulate",
    "demo": "cartwheel.commands.demo",
    "openapi": "cartwheel.commands.openapi",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = parser().parse_args(arguments)
    try:
        settings = _settings(given)
        return _load(_COMMANDS[given.command])(settings, given)
    except CommandRefused as refusal:
        print(f"cartwheel: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; the interpreter must not try to flush again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _load(module: str) -> Callable[[Settings, argparse.Namespace], int]:
    """The command's `run`. Collecting garbage while a thousand modules load finds nothing.

    httpx's own command line would bring rich, pygments and click into every process.
    """
    sys.modules["httpx._main"] = None  # type: ignore[assignment]
    gc.disable()
    loaded = importlib.import_module(module)
    gc.enable()
    run: Callable[[Settings, argparse.Namespace], int] = loaded.run
    return run


def _settings(given: argparse.Namespace) -> Settings:
    """The environment's settings, overruled by what stands on the command line."""
    overruled = {
        "CARTWHEEL_DATA_DIR": getattr(given, "data", None),
        "CARTWHEEL_HOST": getattr(given, "host", None),
        "CARTWHEEL_PORT": getattr(given, "port", None),
    }
    environ = {**os.environ, **{name: value for name, value in overruled.items() if value}}
    port = environ.get("CARTWHEEL_PORT") or str(DEFAULT_PORT)
    if not (re.fullmatch("[0-9]{1,5}", port) and 0 < int(port) < 65_536):
        raise CommandRefused(f"{port[:60]!r} is no port. Choose a number from 1 to 65535.")
    settings = load_settings(environ)
    _require_hosts(settings.allow_private)
    return settings


def _require_hosts(pairs: Collection[str]) -> None:
    """What looks like a host and port may still be none for the address guard, which knows every
    spelling, and which a command without such a setting need not load."""
    if not pairs:
        return
    from cartwheel.outbound.addresses import trusted_pairs

    try:
        trusted_pairs(pairs)
    except ValueError as error:
        raise CommandRefused(str(error)) from None


def parser() -> argparse.ArgumentParser:
    """Every command and what it takes."""
    made = argparse.ArgumentParser(
        prog="cartwheel", description="Draw, prove and run the workflows of an online shop."
    )
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_running(commands)
    _add_copies(commands)
    _add_people(commands)
    _add_demo(commands)
    _add_authors(commands)
    return made


def _add_running(commands: "_Commands") -> None:
    up = commands.add_parser("up", help="start everything on this machine")
    _add_address(up)
    _add_data(up)
    serve = commands.add_parser("serve", help="start only the API and the canvas")
    _add_address(serve)
    _add_data(serve)
    serve.add_argument("--listen-fd", type=int, help=argparse.SUPPRESS)
    serve.add_argument("--report-fd", type=int, help=argparse.SUPPRESS)
    worker = commands.add_parser("worker", help="start only a worker, which moves runs")
    _add_data(worker)
    worker.add_argument("--name", help="the worker's name in leases (default: a new one)")
    worker.add_argument("--report-fd", type=int, help=argparse.SUPPRESS)
    migrate = commands.add_parser("migrate", help="bring the database up to date")
    _add_data(migrate)
    migrate.add_argument("--quiet", action="store_true", help="say nothing when all is well")


def _add_copies(commands: "_Commands") -> None:
    backup = commands.add_parser("backup", help="copy everything to one file, while it runs")
    backup.add_argument("file", metavar="FILE", help="where to; it must not be there yet")
    backup.add_argument("--force", action="store_true", help="replace FILE if it is there")
    backup.add_argument(
        "--with-key", action="store_true", help="put the key of the connections' secrets in too"
    )
    _add_data(backup)
    restore = commands.add_parser("restore", help="an installation out of a backup")
    restore.add_argument("file", metavar="FILE", help="the backup")
    _add_data(restore)


def _add_people(commands: "_Commands") -> None:
    link = commands.add_parser("login-link", help="print a link that signs the owner in, once")
    _add_data(link)
    token = commands.add_parser("token", help="API tokens").add_subparsers(
        dest="action", required=True, metavar="ACTION"
    )
    create = token.add_parser("create", help="print a new API token and nothing else")
    create.add_argument("--name", required=True, help="what the token is for")
    _add_data(create)


def _add_demo(commands: "_Commands") -> None:
    demo = commands.add_parser("demo", help="open a demo shop, which makes believable orders")
    demo.add_argument("--rate", type=int, help="how much happens in a minute (default 6)")
    demo.add_argument("--off", action="store_true", help="close it")
    _add_data(demo)


def _add_authors(commands: "_Commands") -> None:
    nodes = commands.add_parser("nodes", help="for authors of node types").add_subparsers(
        dest="action", required=True, metavar="ACTION"
    )
    check = nodes.add_parser("check", help="report every fault of every catalogue at once")
    check.add_argument("folders", nargs="*", help="catalogues to check (default: all installed)")
    new = nodes.add_parser("new", help="write a node type to begin from")
    new.add_argument("category", help="trigger, condition, flow, data or action")
    new.add_argument("name", help="such as send_sms")
    new.add_argument("--folder", help="the catalogue to write to (default: the built-in one)")
    simulate = commands.add_parser("simulate", help="play a workflow without sending anything")
    simulate.add_argument("file", help="JSON: a graph, or a scenario with a graph; - reads it")
    simulate.add_argument("--json", action="store_true", help="print everything as JSON")
    _add_data(simulate)
    commands.add_parser("openapi", help="print the description of the API")


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", help=f"where to answer (default {DEFAULT_PORT})")
    parser.add_argument("--host", help="which address to answer on (default 127.0.0.1)")


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", help="the data folder (default ./data)")
