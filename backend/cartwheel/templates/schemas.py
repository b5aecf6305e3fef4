"""In what shape templates are shown and used."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from cartwheel.templates.template import Template
from cartwheel.workflows.schemas import Name

Json = Any


class TemplateShape(BaseModel):
    """One workflow to begin with."""

    id: str
    label: str
    description: str
    search: list[str]
    channel: str | None
    steps: list[str] = Field(description="Its node types as `type@version`, in drawn order")
    asks: dict[str, Json] = Field(description="JSON Schema of the values it needs")
    translations: dict[str, dict[str, Json]]


class TemplateList(BaseModel):
    """Every template, in the gallery's order; the first three are for newcomers."""

    items: list[TemplateShape]


class TemplateUse(BaseModel):
    """What fills the template: a value it asks for that is left out has its default.

    `language` is that of the messages; English where the template does not speak it.
    """

    model_config = ConfigDict(extra="forbid")

    values: dict[str, Json] = Field(default_factory=dict)
    name: Name | None = None
    language: Annotated[str, Field(max_length=20)] = "en"


class FilledTemplate(BaseModel):
    """A graph without a workflow around it."""

    graph: dict[str, Json]


def template_shape(template: Template) -> TemplateShape:
    """A template as it is shown."""
    return TemplateShape(
        id=template.id,
        label=template.label,
        description=template.description,
        search=[*template.search_words],
        channel=template.channel,
        steps=template.step_types,
        asks=dict(template.asks),
        translations=dict(template.translations),
    )
