"""Everything that can be wrong with one app."""

import re
from collections.abc import Iterator
from pathlib import Path

from cartwheel.catalog.apps import App
from cartwheel.catalog.check.fault import Fault, shape_faults
from cartwheel.catalog.check.forms import form_faults
from cartwheel.catalog.check.icons import icon_faults
from cartwheel.catalog.check.imports import import_faults
from cartwheel.catalog.check.requests import block_faults
from cartwheel.catalog.check.translations import app_words, translation_faults
from cartwheel.catalog.documents import BadDocument
from cartwheel.catalog.manifest import read_app

_INSERTED = re.compile(r"\{(connection|secret)/([^{}]+)\}")


def app_faults(folder: Path, root: Path) -> Iterator[Fault]:
    """The faults of the app in `folder` of the catalogue at `root`."""
    yield from shape_faults(folder / "app.json", "app")
    for name in ("__init__.py", "icon.svg", "fields.schema.json"):
        if not (folder / name).is_file():
            yield Fault(folder / name, "", "The file is missing.")
    yield from icon_faults(folder / "icon.svg")
    package = f"{root.name}.apps.{folder.name}"
    for file in sorted(folder.glob("*.py")):
        yield from import_faults(file, {package, f"{root.name}.objects"})
    try:
        app = read_app(folder, root)
        yield from form_faults(folder / "fields.schema.json", app.fields, {})
        yield from (Fault(folder / "app.json", *found) for found in _app(app))
        yield from translation_faults(folder, app_words(app), app.translations)
    except BadDocument as error:
        yield Fault(error.file, "", error.message)


def _app(app: App) -> Iterator[tuple[str, str]]:
    if app.auth and not app.hosts:
        yield "/hosts", "Secrets need to know the hosts that they may travel to."
    for number, rule in enumerate(app.auth):
        yield from _inserted(app, f"/auth/{number}", f"{rule.name} {rule.value}")
        for name in rule.when:
            if name not in app.fields.get("properties", {}):
                yield f"/auth/{number}/when", f"There is no field “{name}”."
    for number, host in enumerate(app.hosts):
        yield from _inserted(app, f"/hosts/{number}", host)
    if app.test is not None:
        for place, message in block_faults(app.test, {}, app.fields):
            yield f"/test{place}", message


def _inserted(app: App, place: str, text: str) -> Iterator[tuple[str, str]]:
    for kind, name in _INSERTED.findall(text):
        field = app.fields.get("properties", {}).get(name)
        if field is None:
            yield place, f"There is no field “{name}”."
        elif bool(field.get("x-secret")) != (kind == "secret"):
            yield place, f"“{name}” is {'no' if kind == 'secret' else 'a'} secret."
