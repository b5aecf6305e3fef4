"""What a node type may use: verdicts, requests, errors and the context of one step.

A handler is `async def run(ctx, config) -> Verdict`. `config` has its variables already replaced
and has passed the node's schema. The handler never opens a connection: it describes a request and
`ctx.send` carries it, so that the worker sends it and the simulator only writes it down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict with string keys."""


# --- verdicts: what a step decided ---


END = ""
"""The port that leads nowhere: `Emit(END)` ends this path, and the run goes on with the others."""


@dataclass(frozen=True, slots=True)
class Emit:
    """Done: leave by `port` with `data` as the step's output.

    `words` tells the trace why, in a merchant's language ("976.48 is not above 1000").
    """

    port: str = "done"
    data: Json = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Stay here until a time, an event or a person, at most until `timeout`.

    On waking the token leaves by `port`; after `timeout` it leaves by `timeout_port`. An event's
    or a person's answer becomes the step's output. Nothing waits longer than a year.

    `for_event` is `{"type": "order_paid", "where": {"order.id": "1042"}}`; with `any`, a list of
    such `where`s, one of them must fit. `contact` in a path is the customer the event is about.
    An event of the last minute before the wait still counts, unless `"later": true` asks for
    events after the one that started the run. With `quiet` an event does not end the wait but
    begins it anew, and after so long without one the token leaves by `timeout_port` with
    `{"events": 2, "last": {…}}`.

    The trace says `words` while the step waits, and `timeout_words` when the time is up: without
    them, that nothing came in time.

    `for_person` is `{"kind": "approval", "title", "text", "asked": ["anna@shop.example"], …}` or
    the same with the kind `task` and a `checklist`; docs/nodes.md lists the rest. The decision
    (`approved`, `refused`, `done`) is the port by which the token leaves, and the step's output
    tells who decided what, and when.
    """

    until: datetime | None = None
    for_event: Mapping[str, Json] | None = None
    for_person: Mapping[str, Json] | None = None
    timeout: datetime | None = None
    port: str = "done"
    timeout_port: str = "timeout"
    words: str | None = None
    quiet: timedelta | None = None
    timeout_words: str | None = None


@dataclass(frozen=True, slots=True)
class Each:
    """Run the node's body once per item, `parallel` at a time.

    `on_error` is `stop` (a failed pass is the step's own failure) or `continue`. When the last
    pass has ended the step leaves by `done` with `{"results": [...]}`, in the order of the items.
    """

    items: Sequence[Json]
    parallel: int = 1
    on_error: str = "stop"


@dataclass(frozen=True, slots=True)
class Call:
    """Run another workflow with `data` and go on with `{"result": …, "label": …}`.

    `version` names one of its versions; without it the one that is live runs.
    """

    workflow: str
    data: Json = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """Run this node's body (or this node) once more after `wait`.

    Then the handler is called again; `ctx.passes` counts. All passes are one step with one effect
    key, so a handler that says `Again` must not `send`.
    """

    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Stop:
    """End the whole run here, with a label for the list of runs."""

    label: str = ""
    failed: bool = False


Verdict = Emit | Wait | Each | Call | Again | Stop


# --- settings: what a node type's `check.py` says of them ---


@dataclass(frozen=True, slots=True)
class SettingFault:
    """What is wrong with some settings, for `def check(config, app) -> Iterator[SettingFault]`.

    `field` is a JSON pointer into them. `code` is one that docs/problems.md knows; any other
    counts as `bad_setting`.
    """

    field: str
    message: str
    fix: str
    code: str = "bad_setting"


# --- requests: what a step asks the outside to do ---


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One HTTP call. `body` is JSON when it is not a str; `form` is sent urlencoded instead.

    Secrets do not stand here: the connection adds them when the request leaves.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Json = None
    form: Mapping[str, str] | None = None
    timeout_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class EmailRequest:
    """One e-mail, handed to the SMTP server of the step's connection."""

    to: str
    subject: str
    text: str
    html: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


Request = HttpRequest | EmailRequest


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A message for the sandbox's outbox, as the customer would see it. `html` is for e-mails."""

    channel: str
    to: str
    text: str
    subject: str | None = None
    html: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to a request. `body` is parsed JSON where it is JSON, else text.

    For an e-mail, `status` is the SMTP reply code and `body` the server's words.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Json = None


# --- commands: what a step asks of the shop's own tables and counters ---


@dataclass(frozen=True, slots=True)
class FindRows:
    """The oldest rows of a table that hold `value` in `column`; without a column all of them.

    Answered with `{"rows": [{"id", <column>: …}], "count": 2, "table": "Waitlist"}`.
    """

    table: str
    column: str | None = None
    value: Json = None
    limit: int = 1


@dataclass(frozen=True, slots=True)
class SaveRow:
    """A row for a table. With `update` the row of the same key is changed where there is one.

    Answered with `{"row": {…}, "is_new": true, "words": "…"}`.
    """

    table: str
    cells: Mapping[str, Json]
    update: bool = True


@dataclass(frozen=True, slots=True)
class DeleteRows:
    """Every row of a table that holds `value` in `column`, taken away; at most `limit`.

    Answered with `{"deleted": 1, "rows": [{…}], "words": "…"}`.
    """

    table: str
    column: str
    value: Json
    limit: int = 1_000


@dataclass(frozen=True, slots=True)
class CountUp:
    """`amount` more for the counter `name` of `key`, within the last `window`.

    With a `limit` nothing is added that would go beyond it. Answered with `{"within": true,
    "sum": "3", "left": "7", "words": "…"}`; `left` is None without a limit.
    """

    name: str
    key: str
    amount: str
    window: timedelta
    limit: str | None = None


RecordCommand = SaveRow | DeleteRows | CountUp


# --- errors: never, or later ---


class NodeError(Exception):
    """The step cannot succeed; the message is what the merchant reads.

    `code` is stable and short (`not_found`, `refused`, `outcome_unknown`); `fix` says what to do.
    The token leaves by the `error` port when that is connected, else the run fails.
    """

    def __init__(self, message: str, *, code: str = "failed", fix: str | None = None) -> None:
        super().__init__(message)
        self.message, self.code, self.fix = message, code, fix


class RetryLater(Exception):
    """The outside refused for now and nothing happened there.

    `after` is the wait the provider asked for; without it the node's retry plan decides. With
    `pause` the provider asked everybody who uses this connection to slow down: it costs no try.
    """

    def __init__(
        self, message: str, *, after: timedelta | None = None, pause: bool = False
    ) -> None:
        super().__init__(message)
        self.message, self.after, self.pause = message, after, pause


class InDoubt(Exception):
    """The request may have been carried out, and no answer tells (a gateway's 504, a broken line).

    The node type's `delivery` decides what follows: repeat with the key, ask, or tell the merchant.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


LONGEST_PAUSE = timedelta(days=1)
NOT_AUTHORISED = "not_authorised"
"""The code of a refusal that means: this connection is not accepted (any more). Runs then wait
until it is mended. A connection that only may not do this one thing is `not_allowed`."""

IN_DOUBT_STATUSES = frozenset({502, 504, 520, 524})
"""Answers of gateways whose server may have acted: it said nothing sensible, or not in time."""


def asked_pause(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The wait that `Retry-After` asks for, in seconds or as an HTTP date, at most a day.

    None where there is none, it cannot be read, or it is over.
    """
    given = next((text for name, text in headers.items() if name.lower() == "retry-after"), "")
    wait = _seconds(given.strip()) or _until(given, now)
    return min(wait, LONGEST_PAUSE) if wait and wait > timedelta(0) else None


def _seconds(text: str) -> timedelta | None:
    # Some providers send fractions; ten digits are more than any wait.
    is_number = text.replace(".", "", 1).isdecimal()
    return timedelta(seconds=min(float(text), 1e9)) if is_number else None


def _until(text: str, now: datetime) -> timedelta | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now


# --- the step's context ---


@dataclass(frozen=True, slots=True)
class ConnectionInfo:
    """The public side of a connection: which app, which name, its settings without secrets."""

    id: str
    app: str
    name: str
    settings: Mapping[str, Json]


class Context(Protocol):
    """What a handler may know and do during one step."""

    @property
    def scope(self) -> Mapping[str, Json]:
        """`event`, `order`, `customer`, `contact`, `steps.<node id>`, in a body `item`, `index`."""
        ...

    @property
    def connection(self) -> ConnectionInfo | None:
        """The connection that the step's settings chose, or None."""
        ...

    @property
    def effect_key(self) -> str:
        """The key of this step's one outside act, for providers that honour one."""
        ...

    @property
    def now(self) -> datetime:
        """The time of this step: the machine's, or the simulation's."""
        ...

    @property
    def passes(self) -> int:
        """How often this step has said `Again` in this run."""
        ...

    async def send(self, request: Request) -> Response:
        """Act outside, once: recorded before it leaves, and again with its answer.

        At most one call per step. Raises `RetryLater` on 429 and most 5xx, `InDoubt` where nobody
        can tell (502, 504), and `NodeError` on other refusals, with the words of the manifest's
        error table.
        """
        ...

    async def fetch(self, request: HttpRequest) -> Response:
        """Read outside (GET): may be repeated freely, is not recorded as an effect."""
        ...

    async def find_rows(self, wanted: FindRows) -> Mapping[str, Json]:
        """Read a table of the shop's own. Raises `NodeError` for a table that does not exist."""
        ...

    async def keep(self, command: RecordCommand) -> Mapping[str, Json]:
        """Change a table or a counter of the shop's own, once: what is changed and what came of it
        are one commit. At most one call per step. Raises `NodeError` for what does not fit."""
        ...

    @property
    def node_id(self) -> str:
        """The step's own id, the same in every run of the workflow."""
        ...

    def read(self, path: str) -> Json:
        """What stands at a path of the scope, such as `order.line_items`; None where nothing does.

        Raises `NodeError` for what is no path.
        """
        ...

    def evaluate(self, rules: Json) -> "Judgement":
        """Judge a rule tree on the step's scope; see `cartwheel.expressions`."""
        ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """The result of a rule tree and the sentence that shows the compared values.

    `compared` is the same as JSON: a step that keeps it in its output can be explained in every
    reader's language.
    """

    holds: bool
    words: str
    compared: Sequence[Json] = ()


# --- webhooks: what an app tells us, read by the app's `signature.py` and `normalise.py` ---


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook as it arrived: the body's very bytes, and headers with names in lower case.

    `settings` are those of the connection it came through.
    """

    headers: Mapping[str, str]
    body: bytes
    settings: Mapping[str, Json]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """What a webhook tells, in our words.

    `type` is one of our own event types, or None where we have none; then `topic` names it.
    `external_id` makes it happen once. `dated` says that `data` holds when it was, so that the same
    bytes under another id are a replay. `label` ("Order #1042") and `contact` (an e-mail address or
    a phone number) are for people who look for it.
    """

    topic: str
    data: Mapping[str, Json]
    external_id: str
    type: str | None = None
    label: str | None = None
    contact: str | None = None
    dated: bool = False


class Contradiction(Exception):
    """The unsigned parts of a delivery do not fit its signed body, or another connection's."""
