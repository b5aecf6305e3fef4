"""What somebody filled in for a connection, judged against the app's form. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cartwheel.catalog.apps import App
from cartwheel.catalog.senders import sender_of
from cartwheel.connections.hooks import SIGNING_SECRET
from cartwheel.errors import Invalid

Json = Any
_INSERTED = re.compile(r"\{connection/(\w+)\}")
_MAIL_DESTINATION = frozenset({"host", "port", "security"})


def secret_names(app: App) -> frozenset[str]:
    """Every secret that a connection of this app can have."""
    return app.secret_fields | ({SIGNING_SECRET} if app.webhook else frozenset())


def check_form(app: App, settings: Mapping[str, Json], secrets: Mapping[str, str]) -> None:
    """Raises `Invalid` with every fault, each at its place in the request."""
    faults = list(dict.fromkeys(_faults(app, settings, secrets)))
    if faults:
        raise refused_form(faults)


def refused_form(faults: list[tuple[str, str]]) -> Invalid:
    """The refusal of a form: places as JSON pointers into the request, and what is wrong there."""
    problems = [{"in": "body", "pointer": place, "message": words} for place, words in faults]
    return Invalid(faults[0][1], problems=problems)


def _faults(
    app: App, settings: Mapping[str, Json], secrets: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for name in settings.keys() & app.secret_fields:
        yield f"/settings/{_escaped(name)}", "This is a secret; it belongs among the secrets."
    for name in secrets.keys() - secret_names(app):
        yield f"/secrets/{_escaped(name)}", "There is no secret of this name here."
    filled = {**settings, **{name: secrets[name] for name in secrets if name in app.secret_fields}}
    for fault in app.form.faults(filled, rendered=True):
        first = fault.field.split("/")[1] if fault.field else ""
        yield (
            f"/{'secrets' if first in app.secret_fields else 'settings'}{fault.field}",
            (fault.message),
        )
    if app.webhook and (given := secrets.get(SIGNING_SECRET)):
        fault_of_secret = sender_of(app).secret_fault(given)
        if fault_of_secret:
            yield f"/secrets/{SIGNING_SECRET}", fault_of_secret


def check_destination(
    app: App,
    before: Mapping[str, Json],
    after: Mapping[str, Json],
    kept: frozenset[str],
) -> None:
    """A stored secret does not travel to a new address because somebody changed a setting.

    Raises `Invalid` for the secrets that are `kept` while a setting changes where they go.
    """
    if all(before.get(name) == after.get(name) for name in _destination(app)):
        return
    faults = [
        (f"/secrets/{name}", "The address changed: enter this again, so that it goes there.")
        for name in sorted(kept & app.secret_fields - {SIGNING_SECRET})
    ]
    if faults:
        raise refused_form(faults)


def _destination(app: App) -> frozenset[str]:
    if app.protocol == "smtp":
        return _MAIL_DESTINATION
    return frozenset(_INSERTED.findall(" ".join((app.base_url, *app.hosts))))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
