"""Plays a sample: the node type's real handler against the answers that the sample brings.

Nothing leaves; a request that differs from the one the sample expects is a `WrongRequest`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from cartwheel.catalog.node_type import Handler, NodeType
from cartwheel.catalog.pointers import parts_of
from cartwheel.catalog.refusals import refusal
from cartwheel.catalog.samples import Exchange, Sample
from cartwheel.catalog.scope_values import read_value
from cartwheel.expressions.compared import compared
from cartwheel.expressions.escapes import Escape
from cartwheel.expressions.rules import compile_rules
from cartwheel.expressions.texts import compile_text
from cartwheel.node_sdk import (
    END,
    Again,
    Call,
    ConnectionInfo,
    Each,
    Emit,
    FindRows,
    HttpRequest,
    InDoubt,
    Json,
    Judgement,
    NodeError,
    RecordCommand,
    Request,
    Response,
    RetryLater,
    Stop,
    Verdict,
    Wait,
)

SAMPLE_KEY = "sample-key"
SAMPLE_NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


class WrongRequest(Exception):
    """A step asked the outside for something else than its sample says."""


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a sample, in the sample's own terms."""

    port: str
    output: Json = None
    error: str | None = None
    later: bool = False
    message: str = ""
    words: str | None = None
    wait_seconds: float | None = None
    stop: Mapping[str, Json] | None = None


async def play(node_type: NodeType, sample: Sample) -> Played:
    """What the node type makes of the sample. Raises `WrongRequest`, and whatever the handler
    raises by mistake."""
    stage = _Stage(node_type, sample)
    if node_type.run is None:
        return Played("done", sample.output)
    try:
        verdict = await _until_decided(node_type.run, stage)
    except NodeError as error:
        return Played("error", error=error.code, message=error.message)
    except RetryLater as error:
        return Played("error", error="busy", later=True, message=error.message)
    except InDoubt as error:
        return Played("error", error="outcome_unknown", message=error.message)
    if stage.unasked:
        raise WrongRequest(f"{len(stage.unasked)} of the expected calls did not happen.")
    if isinstance(verdict, Call):
        return Played("done", sample.output)
    if isinstance(verdict, Wait) and verdict.for_person is not None:
        return Played(sample.port, sample.output, words=verdict.words)  # People decide.
    return _played(verdict)


async def _until_decided(handler: Handler, stage: "_Stage") -> Verdict:
    """What a step says in the end that may say “again”; its body is empty here."""
    config = stage.config()
    while isinstance(verdict := await handler(stage, config), Again):
        stage.passes += 1
    return verdict


def differences(node_type: NodeType, sample: Sample, played: Played) -> Iterator[str]:
    """Every way in which what came of a sample differs from what it promises."""
    if (sample.error, sample.later) != (played.error, played.later):
        wanted = f"the error “{sample.error}”" if sample.error else "no error"
        yield f"Expected {wanted}, got “{played.error or 'none'}” {played.message}".strip()
    elif sample.error is None:
        yield from _plain_differences(node_type, sample, played)


def _plain_differences(node_type: NodeType, sample: Sample, played: Played) -> Iterator[str]:
    if dict(sample.stop) != dict(played.stop or {}):
        yield f"Expected the end {dict(sample.stop)}, got {played.stop}."
    elif played.stop is None and sample.port != played.port:
        yield f"Expected the port “{sample.port}”, got “{played.port}”."
    if sample.wait_seconds != played.wait_seconds:
        yield f"Expected a wait of {sample.wait_seconds} s, got {played.wait_seconds}."
    if sample.wait_seconds is None and sample.output != played.output:
        yield f"Expected the data {sample.output}, got {played.output}."
    if sample.words is not None and sample.words != played.words:
        yield f"Expected the words “{sample.words}”, got “{played.words}”."
    known = {END, *(port.id for port in node_type.ports_for(sample.config))}
    if played.stop is None and played.port not in known:
        yield f"The step left by “{played.port}”, which is none of its ports."


def _played(verdict: Verdict) -> Played:
    match verdict:
        case Emit(port, data, words):
            return Played(port, data, words=words)
        case Wait(until=None, timeout=timeout, timeout_port=port, words=words):
            seconds = (timeout - SAMPLE_NOW).total_seconds() if timeout else None
            return Played(port, words=words, wait_seconds=seconds)
        case Wait(until=until, port=port, words=words):
            seconds = (until - SAMPLE_NOW).total_seconds() if until else None
            return Played(port, words=words, wait_seconds=seconds)
        case Each():
            return Played("done", {"results": []})
        case Stop(label, failed):
            return Played("", stop={"label": label, "failed": failed})
        case _:
            return Played("done")


class _Stage:
    """The context that a handler sees while its sample is played."""

    def __init__(self, node_type: NodeType, sample: Sample) -> None:
        self._node_type, self._sample = node_type, sample
        self.scope = sample.input
        self.connection: ConnectionInfo | None = sample.connection
        self.effect_key, self.now, self.passes = SAMPLE_KEY, SAMPLE_NOW, 0
        self.node_id = "step"
        self.unasked: list[Exchange] = list(sample.exchange)

    def config(self) -> dict[str, Json]:
        """The sample's settings with their variables replaced. Raises `NodeError`."""
        config: dict[str, Json] = _copy(self._sample.config)
        escapes = self._node_type.template_escapes(config)
        for place, source in list(self._node_type.template_fields(config)):
            text = compile_text(source).render(self.scope, escape=Escape(escapes[place]))
            _put(config, parts_of(place), text)
        faults = self._node_type.check_config(config, rendered=True)
        if faults:
            raise NodeError(faults[0].message, code="bad_setting")
        return config

    async def send(self, request: Request) -> Response:
        return self._answer(request)

    async def fetch(self, request: HttpRequest) -> Response:
        return self._answer(request)

    async def find_rows(self, wanted: FindRows) -> Mapping[str, Json]:
        return self._kept(wanted)

    async def keep(self, command: RecordCommand) -> Mapping[str, Json]:
        return self._kept(command)

    def read(self, path: str) -> Json:
        return read_value(self.scope, path)

    def evaluate(self, rules: Json) -> Judgement:
        judged = compile_rules(rules).judge(self.scope)
        return Judgement(judged.holds, judged.words, compared(judged.comparisons))

    def _kept(self, command: FindRows | RecordCommand) -> Mapping[str, Json]:
        """The shop's tables answer like the outside: with what the sample brings."""
        answer = self._exchanged(command)
        body: Mapping[str, Json] = answer.body
        if answer.status >= 400:
            raise NodeError(str(body["message"]), code=str(body["code"]))
        return body

    def _answer(self, request: Request) -> Response:
        answer = self._exchanged(request)
        refused = refusal(self._node_type.refusals, answer, self.now)
        if refused is not None:
            raise refused
        return answer

    def _exchanged(self, request: Request | FindRows | RecordCommand) -> Response:
        if not self.unasked:
            raise WrongRequest(f"An unexpected call: {asdict(request)}")
        expected = self.unasked.pop(0)
        made = asdict(request)
        for part, wanted in expected.request.items():
            if made.get(part) != wanted:
                raise WrongRequest(f"“{part}” should be {wanted!r}, but is {made.get(part)!r}.")
        return expected.response


def _copy(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def _put(holder: Json, path: Sequence[str], value: Json) -> None:
    for part in path[:-1]:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    last = path[-1]
    holder[int(last) if isinstance(holder, list) else last] = value
