"""Carries nothing: writes down what would leave, and answers with a sample or the scenario."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cartwheel.catalog.refusals import refusal
from cartwheel.clock import Clock, to_ms
from cartwheel.node_sdk import (
    ConnectionInfo,
    CountUp,
    DeleteRows,
    FindRows,
    HttpRequest,
    InDoubt,
    Json,
    NodeError,
    OutboxMessage,
    RecordCommand,
    Request,
    Response,
    RetryLater,
    SaveRow,
)
from cartwheel.records.acts import no_table
from cartwheel.records.memory import MemoryRecords
from cartwheel.runs.execution import StepKey
from cartwheel.runs.messages import SANDBOX
from cartwheel.runs.patience import after_doubt
from cartwheel.runs.plan import PlannedStep
from cartwheel.simulation.scenario import Answer, Scenario
from cartwheel.workflows.step_settings import CONNECTION_FIELD, chosen_connection

_NO_NAME = "(simulated)"


@dataclass(frozen=True, slots=True)
class WouldLeave:
    """A request that a step would send."""

    node_id: str
    iteration: str
    at: datetime
    request: HttpRequest


class SimulatedCarrier:
    """The simulator's `Carrier`."""

    def __init__(
        self, scenario: Scenario, clock: Clock, *, send_again_when_unknown: bool = False
    ) -> None:
        self.requests: list[WouldLeave] = []
        self._send_again = send_again_when_unknown
        self._scenario, self._clock = scenario, clock
        self._asked: Counter[str] = Counter()
        self._records = MemoryRecords(scenario.records) if scenario.records else None

    def beside(
        self, scenario: Scenario, *, send_again_when_unknown: bool = False
    ) -> "SimulatedCarrier":
        """One for a called run: other answers, and the same tables and clock."""
        made = SimulatedCarrier(
            scenario, self._clock, send_again_when_unknown=send_again_when_unknown
        )
        made._records = self._records
        return made

    def taken_out(self) -> list[WouldLeave]:
        """The requests that came since this was asked last."""
        taken, self.requests = self.requests, []
        return taken

    def now(self) -> datetime:
        return self._clock.now()

    def connection(self, planned: PlannedStep, config: Mapping[str, Json]) -> ConnectionInfo | None:
        """The connection that the step would use. Without one a message goes to the sandbox, and
        other steps work with the one of their sample."""
        kind = planned.node_type
        if kind is None:
            return None
        # Of another class than the real ones, because nothing that knows `connections` may be
        # imported here; choosing looks only at what both have.
        known: Any = self._scenario.connections
        chosen = chosen_connection(kind, config, known)
        if chosen is not None:
            return chosen.info
        if config.get(CONNECTION_FIELD) and known:
            return None
        if kind.message is not None:
            return ConnectionInfo(SANDBOX, SANDBOX, _NO_NAME, {})
        if kind.connection_optional:
            return None
        samples = (sample.connection for sample in kind.samples if sample.connection)
        app = kind.connection_apps[0]
        return next(samples, ConnectionInfo(app, app, _NO_NAME, {}))

    async def send(
        self,
        step: StepKey,
        planned: PlannedStep,
        config: Mapping[str, Json],  # noqa: ARG002  (the protocol's)
        connection: ConnectionInfo | None,  # noqa: ARG002  (the protocol's)
        request: Request | OutboxMessage,
    ) -> Response:
        return self._carry(step, planned, request)

    def doubt(
        self,
        planned: PlannedStep,
        effect_key: str,  # noqa: ARG002  (the protocol's)
        message: str,
    ) -> NodeError | RetryLater:
        delivery = planned.node_type.delivery if planned.node_type else "plain"
        return after_doubt(delivery, message, send_again=self._send_again)

    async def heed(self, connection: ConnectionInfo, error: NodeError | RetryLater) -> None:
        """A simulation tells nobody: connections stay as they are."""

    async def fetch(
        self,
        step: StepKey,
        planned: PlannedStep,
        connection: ConnectionInfo | None,  # noqa: ARG002  (the protocol's)
        request: HttpRequest,
    ) -> Response:
        return self._carry(step, planned, request)

    async def find_rows(self, step: StepKey, wanted: FindRows) -> Mapping[str, Json]:
        """From the scenario, else the shop's real rows with what this simulation changed."""
        answer = self.answer_for(step.node_id)
        if answer is not None:
            return _as_answer(answer, _FOUND_NOTHING)
        if self._records is None:
            raise no_table()
        return await self._records.find(wanted)

    async def keep(self, step: StepKey, command: RecordCommand) -> Mapping[str, Json]:
        """Changed in memory only."""
        answer = self.answer_for(step.node_id)
        if answer is not None:
            return _as_answer(answer, _KEPT[type(command)])
        if self._records is None:
            raise no_table()
        return await self._records.keep(command, to_ms(self._clock.now()))

    def answer_for(self, node_id: str) -> Answer | None:
        """The scenario's next answer for a node, or None."""
        given = self._scenario.answers.get(node_id)
        if not given:
            return None
        number = self._asked[node_id]
        self._asked[node_id] += 1
        return given[min(number, len(given) - 1)]

    def _carry(
        self, step: StepKey, planned: PlannedStep, request: Request | OutboxMessage
    ) -> Response:
        now = self._clock.now()
        if isinstance(request, HttpRequest):
            self.requests.append(WouldLeave(step.node_id, step.iteration, now, request))
        answer = self.answer_for(step.node_id)
        if answer is None:
            return _by_itself(planned, step, request)
        if answer.unreachable:
            raise RetryLater("The other side could not be reached.")
        if answer.lost:
            raise InDoubt("The connection broke while the step was acting.")
        response = Response(answer.status, answer.headers, answer.body)
        if isinstance(request, OutboxMessage):
            _refuse_as_provider(planned, response, now)
        return response


_FOUND_NOTHING: Mapping[str, Json] = {"rows": [], "count": 0, "table": ""}
_KEPT: Mapping[type, Mapping[str, Json]] = {
    SaveRow: {"row": {}, "is_new": True, "words": ""},
    DeleteRows: {"deleted": 0, "rows": [], "words": ""},
    CountUp: {"within": True, "sum": "0", "left": "0", "words": ""},
}


def _as_answer(answer: Answer, usual: Mapping[str, Json]) -> Mapping[str, Json]:
    """What a scenario says that a table answers: as of a call, or a refusal. What it leaves out,
    or says in another shape than a table's, is as `usual`."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    if answer.status >= 400:
        message = str(body.get("message") or "The table refused this.")
        raise NodeError(message, code=str(body.get("code") or "failed"))
    return {
        name: given if isinstance(given := body.get(name, value), type(value)) else value
        for name, value in usual.items()
    }


def _by_itself(planned: PlannedStep, step: StepKey, request: Request | OutboxMessage) -> Response:
    """The answer when nobody gave one: that all went well."""
    if isinstance(request, OutboxMessage):
        return Response(200, body={"id": f"simulated-{step.node_id}"})
    sample = planned.node_type.sample_answer if planned.node_type else None
    return sample or Response(200, body={})


def _refuse_as_provider(planned: PlannedStep, response: Response, now: datetime) -> None:
    """The sandbox refuses nothing; a scenario may still ask what would follow if it did."""
    refused = refusal(planned.node_type.refusals, response, now) if planned.node_type else None
    if refused is not None:
        raise refused
