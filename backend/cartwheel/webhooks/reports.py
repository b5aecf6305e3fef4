"""Events that programs report with an API token, read and judged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cartwheel.errors import Invalid
from cartwheel.events.types import LONGEST_TYPE, TYPE_PATTERN, type_fault

Json = Any
LONGEST_ID = 200
LONGEST_CONTACT = 320
_FIELDS = frozenset({"type", "data", "id", "contact"})


@dataclass(frozen=True, slots=True)
class Report:
    """An event as a program tells it; `id` makes it happen once."""

    type: str
    data: Mapping[str, Json]
    id: str | None
    contact: str | None


def read_report(given: Json) -> Report:
    """The report in a JSON value. Raises `Invalid` with every fault at once."""
    if not isinstance(given, dict):
        raise _invalid([("", "This must be an object with “type” and “data”.")])
    faults = list(_faults(given))
    if faults:
        raise _invalid(faults)
    return Report(given["type"], given["data"], given.get("id"), _contact(given.get("contact")))


def _faults(given: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    for name in given.keys() - _FIELDS:
        yield f"/{name.replace('~', '~0').replace('/', '~1')[:80]}", "There is no such field here."
    kind = given.get("type")
    if not isinstance(kind, str):
        yield "/type", "This must be a text: the name of the event."
    elif fault := type_fault(kind):
        yield "/type", fault
    if not isinstance(given.get("data"), dict):
        yield "/data", 'This must be an object, such as {"order": {…}}.'
    if not _is_text(given.get("id"), LONGEST_ID):
        yield "/id", f"This must be a text of 1 to {LONGEST_ID} characters."
    contact = given.get("contact")
    parts = contact if isinstance(contact, dict) else {"email": contact}
    if not all(_is_text(parts.get(kind), LONGEST_CONTACT) for kind in ("email", "phone")):
        yield "/contact", "This must be an e-mail address or a phone number."


def _is_text(value: Json, longest: int) -> bool:
    """Whether it is left out, or a text of a fitting length."""
    return value is None or (isinstance(value, str) and 0 < len(value) <= longest)


def _contact(given: Json) -> str | None:
    if isinstance(given, dict):
        found: str | None = given.get("email") or given.get("phone")
        return found
    text: str | None = given
    return text


def _invalid(faults: list[tuple[str, str]]) -> Invalid:
    problems = [{"in": "body", "pointer": place, "message": text} for place, text in faults]
    return Invalid(f"In body {faults[0][0]}: {faults[0][1]}", problems=problems)


_CONTACT_TEXT = {
    "anyOf": [
        {"type": "string", "minLength": 1, "maxLength": LONGEST_CONTACT},
        {"type": "null"},
    ]
}
REPORT_SCHEMA = {
    "type": "object",
    "required": ["type", "data"],
    "additionalProperties": False,
    "properties": {
        "type": {
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST_TYPE,
            "pattern": TYPE_PATTERN,
            "description": "loyalty.points_earned, or one of ours such as order_created",
        },
        "data": {"type": "object", "description": '{"order": {…}, "customer": {…}}'},
        "id": {
            "anyOf": [
                {"type": "string", "minLength": 1, "maxLength": LONGEST_ID},
                {"type": "null"},
            ],
            "description": "Your own id: the event happens once however often it is sent",
        },
        "contact": {
            "anyOf": [
                *_CONTACT_TEXT["anyOf"],
                {"type": "object", "properties": {"email": _CONTACT_TEXT, "phone": _CONTACT_TEXT}},
            ],
            "description": "Whom it is about: an e-mail address or a phone number",
        },
    },
}
