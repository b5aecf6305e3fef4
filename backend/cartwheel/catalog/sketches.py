"""Small, whole node types to begin from: one per category, true to what they say they do."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cartwheel.node_sdk import Json

_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_CIRCLE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" '
    'stroke="currentColor" stroke-width="1.75" stroke-linecap="round">'
    '<circle cx="12" cy="12" r="8"/><path d="M12 8v8M8 12h8"/></svg>\n'
)


@dataclass(frozen=True, slots=True)
class Sketch:
    """The contents of a node type's files; without a handler the manifest has a request."""

    manifest: Mapping[str, Json]
    config: Mapping[str, Json]
    output: Mapping[str, Json]
    samples: Mapping[str, Json]
    handler: str | None = None
    icon: str = field(default=_CIRCLE)


def sketch(category: str, name: str) -> Sketch:
    """What a new node type of this category begins as."""
    return _SKETCHES[category](name)


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _manifest(name: str, description: str, **more: Json) -> dict[str, Json]:
    words = [name.replace("_", " ")]
    start = {"version": 1, "label": _label(name), "description": description}
    return {**start, **more, "search_words": words}


def _form(properties: Mapping[str, Json], *required: str) -> dict[str, Json]:
    return {
        "$schema": _SCHEMA,
        "type": "object",
        "properties": properties,
        **({"required": list(required)} if required else {}),
        "additionalProperties": False,
    }


def _text(title: str, description: str, **more: Json) -> dict[str, Json]:
    return {
        "type": "string",
        "minLength": 1,
        "x-template": True,
        "x-widget": "template-text",
        "title": title,
        "description": description,
        **more,
    }


_CALL = {"method": "POST", "url": "https://api.example.com/notes"}
_QUESTION = {
    "url": _CALL["url"],
    "query": {"reference": {"$key": ""}},
    "found_at": "/notes/0",
}
_REFUSAL = {
    "status": "409",
    "code": "already_there",
    "message": "The note is already there.",
    "fix": "Change the text.",
}
_NOTE_ID = {
    "type": ["string", "null"],
    "title": "Note ID",
    "description": "The ID of the note. May be empty.",
}


def _action(name: str) -> Sketch:
    request = {
        **_CALL,
        "body": {"text": {"$config": "/text"}, "reference": {"$key": ""}},
        "output": {"note_id": {"$body": "/id"}},
    }
    manifest = _manifest(
        name,
        "Writes a note to api.example.com.",
        effect="write",
        delivery="lookup",
        lookup=_QUESTION,
        request=request,
        errors={"words_at": ["/message"], "rules": [_REFUSAL]},
    )
    return Sketch(
        manifest,
        _form({"text": _text("Note", "What the note says.")}, "text"),
        _form({"note_id": _NOTE_ID}),
        {
            "written": {
                **_exchange("A note about an order", 201, {"id": "n-77"}),
                "port": "done",
                "output": {"note_id": "n-77"},
            },
            "already_there": {
                **_exchange("The note is there already", 409, {"message": "duplicate"}),
                "error": {"code": "already_there"},
            },
        },
    )


def _exchange(title: str, status: int, body: Json) -> dict[str, Json]:
    """A sample of the action up to what must come of it."""
    request = {**_CALL, "body": {"text": "Order #1042", "reference": "sample-key"}}
    return {
        "title": title,
        "config": {"text": "Order {{ order.name }}"},
        "input": {"order": {"name": "#1042"}},
        "exchange": [{"request": request, "response": {"status": status, "body": body}}],
    }


def _data(name: str) -> Sketch:
    output = {"text": {"type": "string", "title": "Text", "description": "The text, trimmed."}}
    sample = {
        "title": "Spaces around a name",
        "config": {"text": " {{ customer.name }} "},
        "input": {"customer": {"name": "Lena Brandt"}},
        "port": "done",
        "output": {"text": "Lena Brandt"},
    }
    return Sketch(
        _manifest(name, "Takes the spaces around a text away."),
        _form({"text": _text("Text", "The text to work on.")}, "text"),
        _form(output, "text"),
        {"trimmed": sample},
        _handler(
            "Emit",
            "Takes the spaces around a text away.",
            'return Emit("done", {"text": config["text"].strip()})',
        ),
    )


def _condition(name: str) -> Sketch:
    ports = [{"id": "then", "label": "Then"}, {"id": "otherwise", "label": "Otherwise"}]
    output = {
        "is_filled": {
            "type": "boolean",
            "title": "Filled",
            "description": "Whether there was any text.",
        }
    }
    config = {"text": {**_text("Text", "The text to look at."), "minLength": 0}}
    sample = {
        "title": "A note is there",
        "config": {"text": "{{ order.note }}"},
        "input": {"order": {"note": "Ring twice"}},
        "port": "then",
        "output": {"is_filled": True},
    }
    body = (
        'is_filled = bool(config["text"].strip())\n'
        '    return Emit("then" if is_filled else "otherwise", {"is_filled": is_filled})'
    )
    return Sketch(
        _manifest(name, "Goes on by “Then” when a text is filled.", ports=ports),
        _form(config, "text"),
        _form(output, "is_filled"),
        {"filled": sample},
        _handler("Emit", "Looks whether a text is filled.", body),
    )


def _flow(name: str) -> Sketch:
    minutes = {
        "type": "integer",
        "minimum": 1,
        "maximum": 1440,
        "default": 5,
        "title": "Minutes",
        "description": "How many minutes to wait.",
    }
    sample = {
        "title": "Five minutes",
        "config": {"minutes": 5},
        "port": "done",
        "wait_seconds": 300,
    }
    handler = _handler(
        "Wait",
        "Waits some minutes.",
        'return Wait(until=ctx.now + timedelta(minutes=config["minutes"]))',
        "from datetime import timedelta\n",
    )
    return Sketch(
        _manifest(name, "Waits some minutes and then goes on."),
        _form({"minutes": minutes}, "minutes"),
        _form({}),
        {"five_minutes": sample},
        handler,
    )


def _trigger(name: str) -> Sketch:
    note = {"type": "string", "title": "Note", "description": "What the event says."}
    sample = {"title": "An event with a note", "config": {}, "output": {"note": "Hello"}}
    return Sketch(
        _manifest(name, f"Starts when the event {name} arrives.", event_type=name),
        _form({}),
        _form({"note": note}, "note"),
        {"with_a_note": sample},
    )


def _handler(verdict: str, what: str, body: str, imports: str = "") -> str:
    unused = "" if "ctx" in body else "  # noqa: ARG001"
    return (
        f'"""{what}"""\n\nfrom collections.abc import Mapping\n{imports}\n'
        f"from cartwheel.node_sdk import Context, {', '.join(sorted({verdict, 'Json'}))}\n\n\n"
        f"async def run(ctx: Context, config: Mapping[str, Json]) -> {verdict}:{unused}\n"
        f"    {body}\n"
    )


_SKETCHES = {
    "trigger": _trigger,
    "condition": _condition,
    "flow": _flow,
    "data": _data,
    "action": _action,
}
