"""Performing one step with a carrier that only keeps a notebook."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cartwheel.catalog.node_type import NodeType
from cartwheel.node_sdk import (
    ConnectionInfo,
    Context,
    Emit,
    HttpRequest,
    Json,
    NodeError,
    OutboxMessage,
    Request,
    Response,
    RetryLater,
    Verdict,
)
from cartwheel.runs.execution import Performed, StepKey, perform
from cartwheel.runs.patience import after_doubt
from cartwheel.runs.plan import PlannedStep, compile_plan
from cartwheel.runs.templates import Surroundings
from cartwheel.runs.tokens import Failure, Postponed, Token
from cartwheel.workflows.elements import Node
from cartwheel.workflows.graph import Graph
from tests.engine.drawing import NOON
from tests.engine.node_types import node_type, registry_with

SANDBOX = ConnectionInfo("1", "sandbox", "Sandbox", {})
TWILIO = ConnectionInfo(
    "2", "twilio", "Twilio", {"account_sid": "AC123", "from_number": "+15005550006"}
)
SCOPE: dict[str, Json] = {
    "customer": {"first_name": "Ann", "phone": "+48600100200", "email": "ann@example.com"},
    "order": {"name": "#7", "total": "9.50", "line_items": [{"sku": "A"}, {"sku": "B"}]},
    "count": "3",
    "steps": {},
}


class Notebook:
    """A carrier that answers what it is told, and keeps what it was given."""

    def __init__(
        self, answer: Response | Exception | None = None, connection: ConnectionInfo | None = None
    ) -> None:
        self.answer = answer or Response(200, body={})
        self.chosen = connection
        self.sent: list[Request | OutboxMessage] = []
        self.keys: list[str] = []
        self.heeded: list[NodeError | RetryLater] = []

    def connection(self, planned: PlannedStep, config: Mapping[str, Json]) -> ConnectionInfo | None:
        return self.chosen

    async def send(
        self,
        step: StepKey,
        planned: PlannedStep,
        config: Mapping[str, Json],
        connection: ConnectionInfo | None,
        request: Request | OutboxMessage,
    ) -> Response:
        self.sent.append(request)
        self.keys.append(step.effect_key)
        return self._given()

    def now(self) -> datetime:
        return NOON

    def doubt(self, planned: PlannedStep, effect_key: str, message: str) -> NodeError | RetryLater:
        return after_doubt(planned.node_type.delivery if planned.node_type else "plain", message)

    async def heed(self, connection: ConnectionInfo, error: NodeError | RetryLater) -> None:
        self.heeded.append(error)

    async def fetch(
        self,
        step: StepKey,
        planned: PlannedStep,
        connection: ConnectionInfo | None,
        request: HttpRequest,
    ) -> Response:
        return self._given()

    def _given(self) -> Response:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def planned(ref: str, config: dict[str, Json], *made: NodeType) -> PlannedStep:
    node = Node("n", ref, 1, config)
    return compile_plan(Graph({"n": node}), registry_with(*made)).steps["n"]


def performed(
    step: PlannedStep, carrier: Notebook | None = None, token: Token | None = None
) -> Performed:
    around = Surroundings(SCOPE, NOON)
    return asyncio.run(perform(step, token or Token(1, "n"), around, carrier or Notebook(), "run"))


def saying(verdict: Verdict | Exception, **declared: Any) -> PlannedStep:
    """A step whose handler says this."""

    async def run(ctx: Context, config: Mapping[str, Json]) -> Verdict:
        if isinstance(verdict, Exception):
            raise verdict
        return verdict

    return planned("action.say", {}, node_type("action.say", run, **declared))


def sending(**declared: Any) -> PlannedStep:
    """A step that sends one request."""

    async def run(ctx: Context, config: Mapping[str, Json]) -> Verdict:
        answer = await ctx.send(HttpRequest("POST", "https://example.com/x"))
        return Emit("done", answer.body)

    return planned("action.say", {}, node_type("action.say", run, effect="write", **declared))


def failure(found: Performed) -> Failure:
    assert isinstance(found.result, Failure)
    return found.result


def postponed(found: Performed) -> Postponed:
    assert isinstance(found.result, Postponed)
    return found.result
