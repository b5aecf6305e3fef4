"""Compiled versions, kept: a version never changes, so it is read and compiled once."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import orjson

from cartwheel.catalog.registry import Registry
from cartwheel.database import Database
from cartwheel.runs.plan import Plan, compile_plan
from cartwheel.statements import Sql
from cartwheel.workflows.entry import entry_rule
from cartwheel.workflows.graph import read_graph

MOST_PLANS = 500
Json = Any


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """A plan, whether any of its texts may read the vendor's original payload, and whether its runs
    came in under a rule of entry."""

    plan: Plan
    reads_raw: bool
    takes_turns: bool = False


class Plans:
    """The plans of one process, least recently used dropped first."""

    def __init__(self, database: Database, registry: Registry) -> None:
        self._database, self._registry = database, registry
        self._loaded: OrderedDict[tuple[int, str, int], LoadedPlan] = OrderedDict()
        self._loading: dict[tuple[int, str, int], asyncio.Task[LoadedPlan]] = {}

    async def get(self, workspace_id: int, workflow_id: str, version: int) -> LoadedPlan:
        """The compiled version. Raises `LookupError` for one that does not exist."""
        key = (workspace_id, workflow_id, version)
        if key not in self._loaded:
            return await self._load_once(key)
        self._loaded.move_to_end(key)
        return self._loaded[key]

    async def _load_once(self, key: tuple[int, str, int]) -> LoadedPlan:
        """A crowd of runs of one version compiles it once."""
        if key not in self._loading:
            self._loading[key] = asyncio.create_task(self._load(*key))
        try:
            self._loaded[key] = await asyncio.shield(self._loading[key])
        finally:
            self._loading.pop(key, None)
        if len(self._loaded) > MOST_PLANS:
            self._loaded.popitem(last=False)
        return self._loaded[key]

    async def _load(self, workspace_id: int, workflow_id: str, version: int) -> LoadedPlan:
        rows = await self._database.fetch(
            Sql(
                "SELECT graph FROM workflow_version "
                "WHERE workspace_id = $1 AND workflow_id = $2 AND number = $3",
                (workspace_id, workflow_id, version),
            )
        )
        if not rows:
            raise LookupError(f"workflow {workflow_id} has no version {version}")
        text: str = rows[0][0]
        plan = compile_plan(read_graph(orjson.loads(text)), self._registry)
        return LoadedPlan(
            plan,
            reads_raw="event.raw" in text,
            takes_turns=entry_rule(plan.graph.settings) is not None,
        )
