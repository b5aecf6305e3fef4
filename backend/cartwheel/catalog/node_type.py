"""A node type: what its manifest declares, and its schemas, samples and handler on demand.

The manifest is small and read at start. Everything else is read when somebody asks for it,
because a worker that runs five kinds of steps need not keep a hundred and fifty in memory.
"""

import functools
import importlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from cartwheel.catalog.apps import App
from cartwheel.catalog.config import ConfigFault, ConfigSchema, Schema
from cartwheel.catalog.documents import read_document, read_icon, read_translations
from cartwheel.catalog.lookups import Lookup
from cartwheel.catalog.outputs import schema_for
from cartwheel.catalog.pointers import look_up
from cartwheel.catalog.refusals import RefusalTable
from cartwheel.catalog.request_block import RequestBlock, build_request, read_output
from cartwheel.catalog.samples import Sample, read_samples
from cartwheel.node_sdk import Context, Emit, Json, Response, SettingFault, Verdict

Handler = Callable[[Context, Mapping[str, Json]], Awaitable[Verdict]]
"""`async def run(ctx, config) -> Verdict`, the heart of a node type."""

Check = Callable[[Mapping[str, Json], str | None], Iterator[SettingFault]]
"""`def check(config, app)` of a `check.py`: what the form cannot say. `app` is that of the chosen
connection, None without one."""

_JOINS = frozenset({"any", "all", "n"})


@dataclass(frozen=True, slots=True)
class Port:
    """One way out of a step."""

    id: str
    label: str
    kind: str = "out"


@dataclass(frozen=True, slots=True)
class Message:
    """Says that a step writes to somebody, and which of its settings hold what.

    `category` is `transactional`, `marketing` or `internal` (to the shop's own people).
    """

    channel: str
    to: str
    text: str
    category: str
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class RetryPlan:
    """The waits between attempts, in seconds; after the last one the step has failed."""

    delays_seconds: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class NodeType:
    """One version of one kind of step.

    - `name` is `action.send_sms`, `ref` is `action.send_sms@1`; `category` is one of `trigger
      condition flow data action`.
    - `dynamic_ports` is a JSON pointer into the config to a list of `{id, label}`: each entry is
      a port in front of the fixed ones.
    - `effect` is `none` or `write`; `delivery` is `keyed`, `lookup` or `plain`: what may be done
      when nobody knows whether the one act outside happened. `lookup` is the question to ask
      then; `key_hours` is how long a provider remembers a key (None: for ever).
    - `join` is `any`, `all` or `n`, or `$config.<field>` where a setting says; `body` tells that
      a port repeats a body.
    - `event_type` is the event that starts a trigger, or `$config.<field>` where a setting says.
    - `own_app` is the app that `app` names.
    - `refusals` says what the answers of the outside mean; see `catalog.refusals.refusal`.
    """

    name: str
    version: int
    category: str
    label: str
    description: str
    folder: Path
    root: Path
    module: str
    app: str | None = None
    ports: tuple[Port, ...] = ()
    dynamic_ports: str | None = None
    effect: str = "none"
    delivery: str = "plain"
    lookup: Lookup | None = None
    key_hours: float | None = None
    message: Message | None = None
    timeout_seconds: float = 30.0
    retry: RetryPlan = RetryPlan()
    join: str = "any"
    body: bool = False
    reversible: bool = False
    rank: int = 50
    search_words: tuple[str, ...] = ()
    event_type: str | None = None
    requires: tuple[str, ...] = ()
    request: RequestBlock | None = None
    refusals: RefusalTable = field(default_factory=RefusalTable)
    own_app: App | None = field(default=None)

    def __repr__(self) -> str:
        return f"NodeType({self.ref})"

    @property
    def ref(self) -> str:
        return f"{self.name}@{self.version}"

    @functools.cached_property
    def config_schema(self) -> Schema:
        """The JSON Schema of the settings, references inlined. The form is made from it."""
        schema: Schema = read_document(self.folder / "config.schema.json", self.root)
        return schema

    @functools.cached_property
    def output_schema(self) -> Schema:
        """The JSON Schema of what later steps see under `steps.<id>`, references inlined.

        For a trigger: of the event's data, whose objects later steps see by their own names.
        """
        schema: Schema = read_document(self.folder / "output.schema.json", self.root)
        return schema

    def output_schema_for(self, config: Json) -> Schema:
        """`output_schema`, with the members that these settings add to it."""
        return schema_for(self.output_schema, config if isinstance(config, Mapping) else {})

    @functools.cached_property
    def samples(self) -> tuple[Sample, ...]:
        return read_samples(self.folder / "samples", self.root)

    @functools.cached_property
    def icon_svg(self) -> str:
        return read_icon(self.folder)

    @functools.cached_property
    def translations(self) -> Mapping[str, Json]:
        """Language code → the node type's words."""
        return read_translations(self.folder, self.root)

    @functools.cached_property
    def form(self) -> ConfigSchema:
        """The settings' schema as something that can be asked what is wrong with given values."""
        return ConfigSchema(self.config_schema)

    @functools.cached_property
    def own_check(self) -> Check | None:
        """What only this node type can say of its settings; most have nothing to add."""
        if not (self.folder / "check.py").is_file():
            return None
        return cast(Check, importlib.import_module(f"{self.module}.check").check)

    def check_config(self, config: Json, rendered: bool = False) -> list[ConfigFault]:
        """Everything wrong with `config`. Before it is `rendered`, variables may stand in it."""
        return self.form.faults(config, rendered=rendered)

    def check_field(self, place: str, value: Json) -> list[ConfigFault]:
        """Everything wrong with one rendered value at the JSON pointer `place` of the config."""
        return self.form.field_faults(place, value)

    def template_fields(self, config: Json) -> Iterator[tuple[str, str]]:
        """(JSON pointer, text) of every text in `config` that may hold variables."""
        return ((text.pointer, text.source) for text in self.form.templates(config))

    def join_for(self, config: Json) -> str:
        """`any`, `all` or `n`: when a step with these settings runs that several paths lead to."""
        declared, is_setting, field = self.join.partition("$config.")
        wanted = config.get(field) if is_setting and isinstance(config, Mapping) else declared
        return wanted if isinstance(wanted, str) and wanted in _JOINS else "all"

    def refusals_in(self, language: str) -> RefusalTable:
        """What the answers of the outside mean, in the words of `language` where it has any."""
        sources: list[App | NodeType] = [self.own_app, self] if self.own_app else [self]
        words: dict[str, Json] = {}
        for source in sources:
            words |= source.translations.get(language, {}).get("errors", {})
        return self.refusals.in_words(words)

    def template_escapes(self, config: Json) -> dict[str, str]:
        """JSON pointer → `none html json url header`: where each such text will stand."""
        return {text.pointer: text.escape for text in self.form.templates(config)}

    def ports_for(self, config: Json) -> tuple[Port, ...]:
        """The ways out of a step with these settings."""
        if self.dynamic_ports is None:
            return self.ports
        listed = look_up(config, self.dynamic_ports)
        entries = listed if isinstance(listed, list) else []
        drawn = [
            Port(entry["id"], str(entry.get("label") or entry["id"]))
            for entry in entries
            if isinstance(entry, Mapping) and isinstance(entry.get("id"), str)
        ]
        return (*drawn, *self.ports)

    @functools.cached_property
    def connection_apps(self) -> tuple[str, ...]:
        """The apps whose connections this step can use; empty where it needs none."""
        field_schema = self.config_schema.get("properties", {}).get("connection", {})
        return tuple(field_schema.get("x-connection-app", ()))

    @functools.cached_property
    def connection_optional(self) -> bool:
        """Whether the step also works with no connection at all (not even a default one)."""
        field_schema = self.config_schema.get("properties", {}).get("connection", {})
        return bool(field_schema.get("x-connection-optional", not self.connection_apps))

    @property
    def sample_answer(self) -> Response | None:
        """What the outside answers when all goes well, for the simulator."""
        answers = (
            sample.exchange[-1].response
            for sample in self.samples
            if sample.exchange and sample.error is None
        )
        return next((answer for answer in answers if answer.status < 300), None)

    @functools.cached_property
    def run(self) -> Handler | None:
        """The handler, imported at its first use; None only for triggers.

        A node type with a `request` block and no handler of its own runs that block.
        """
        if (self.folder / "handler.py").is_file():
            return cast(Handler, importlib.import_module(f"{self.module}.handler").run)
        return _runner_of(self.request) if self.request else None


def _runner_of(block: RequestBlock) -> Handler:
    async def run(ctx: Context, config: Mapping[str, Json]) -> Verdict:
        request = build_request(block, config, ctx.connection, ctx.effect_key)
        answer = await (ctx.fetch if block.method == "GET" else ctx.send)(request)
        return Emit("done", read_output(block, config, answer))

    return run
