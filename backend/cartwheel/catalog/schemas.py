"""In what shape the catalogue is shown; the bytes themselves come from `listing`."""

from typing import Any, Literal

from pydantic import BaseModel, Field

Json = Any
Schema = dict[str, Json]


class PortShape(BaseModel):
    """One way out of a step."""

    id: str
    label: str


class MessageShape(BaseModel):
    """Which settings of a step that writes to somebody hold what."""

    channel: str
    to: str
    text: str
    subject: str | None
    category: Literal["transactional", "marketing", "internal"]


class SampleShape(BaseModel):
    """One worked example of a step."""

    name: str
    title: str
    config: dict[str, Json]
    input: dict[str, Json]
    output: Json
    port: str
    error: str | None = Field(description="The code of the refusal when `port` is `error`")


class NodeTypeShape(BaseModel):
    """One kind of step that can be put on the canvas."""

    type: str
    version: int
    ref: str = Field(description="`type@version`, as a graph names it")
    category: Literal["trigger", "condition", "flow", "data", "action"]
    label: str
    description: str
    app: str | None
    icon: str = Field(description="SVG text, drawn in currentColor")
    ports: list[PortShape]
    dynamic_ports: str | None = Field(description="JSON pointer into the config to further ports")
    effect: Literal["none", "write"]
    delivery: Literal["keyed", "lookup", "plain"]
    message: MessageShape | None
    reversible: bool
    body: bool
    search: list[str]
    event_type: str | None
    config_schema: Schema
    output_schema: Schema
    samples: list[SampleShape]
    translations: dict[str, dict[str, Json]]


class AppShape(BaseModel):
    """One app that a merchant can connect."""

    id: str
    label: str
    description: str
    icon: str
    fields: Schema = Field(description="JSON Schema of settings and secrets (`x-secret`)")
    channel: str | None
    channels: list[str]
    webhook: bool
    testable: bool
    translations: dict[str, dict[str, Json]]


class NodeTypeList(BaseModel):
    """Every node type."""

    items: list[NodeTypeShape]


class AppList(BaseModel):
    """Every app."""

    items: list[AppShape]
