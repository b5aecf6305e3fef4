"""`cartwheel simulate FILE`: play a workflow in the terminal. Nothing can leave."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from cartwheel.accounts.first_start import FIRST_WORKSPACE, ensure_owner
from cartwheel.commands.book import open_book, plain_words
from cartwheel.database import Database
from cartwheel.errors import CommandRefused
from cartwheel.paths import DataFolder
from cartwheel.schema import migrate
from cartwheel.settings import Settings
from cartwheel.simulation.schemas import GraphSimulation, SimulationResult
from cartwheel.simulation.service import simulate_graph

_FAILED = {"failed", "quarantined"}


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print each step, message and request of the simulation; exit code 1 where the run failed."""
    scenario = _scenario(_read(arguments.file))
    with plain_words(settings):
        result = asyncio.run(_play(settings, scenario))
    if arguments.json:
        print(result.model_dump_json(indent=2))
    else:
        print("\n".join(_lines(result)))
    return 1 if result.status in _FAILED else 0


def _read(name: str) -> Any:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        return orjson.loads(text)
    except OSError as error:
        raise CommandRefused(f"{name} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise CommandRefused(f"{name} is not JSON: {error}") from None


def _scenario(given: Any) -> GraphSimulation:
    """A scenario with a graph, as the API takes it; or a graph alone, played on its sample."""
    if isinstance(given, dict) and "nodes" in given:
        given = {"graph": given}
    try:
        return GraphSimulation.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise CommandRefused(
            f"This is no scenario: {place}: {first['msg']}. It needs a graph, and may have event, "
            "contact, at, answers and then, as in POST /api/workflows/simulate."
        ) from None


async def _play(settings: Settings, scenario: GraphSimulation) -> SimulationResult:
    async with _world(settings) as database:
        return await simulate_graph(database, FIRST_WORKSPACE, scenario.graph, scenario)


@asynccontextmanager
async def _world(settings: Settings) -> AsyncIterator[Database]:
    """The installation's connections and workspace; where there is none, those of a new one."""
    if not settings.is_sqlite or settings.data.database.is_file():
        async with open_book(settings) as database:
            yield database
        return
    with tempfile.TemporaryDirectory(prefix="cartwheel-simulation-") as folder:
        data = DataFolder(Path(folder))
        url = f"sqlite:///{data.database}"
        await migrate(url)
        async with open_book(replace(settings, data=data, database_url=url)) as database:
            await ensure_owner(database)
            yield database


def _lines(result: SimulationResult) -> Iterator[str]:
    for step in result.steps:
        place = f"{step.node_id} {step.iteration}".rstrip()
        port = f" → {step.port}" if step.port else ""
        yield f"{step.at or '':<28} {place}: {step.status}{port}"
        if step.words:
            yield f"    {step.words}"
        if step.error:
            yield f"    {step.error.message} {step.error.fix or ''}".rstrip()
    for message in result.messages:
        subject = f"{message.subject}: " if message.subject else ""
        yield f"message  {message.channel} to {message.to}: {subject}{message.text}"
    for request in result.requests:
        yield f"request  {request.method} {request.url}"
    if result.stopped:
        yield result.stopped
    yield f"The run {result.status} at {result.ended_at}. Nothing was sent."
