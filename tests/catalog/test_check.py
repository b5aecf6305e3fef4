"""`cartwheel nodes check`: one fault at a time into a sound catalogue, and each is found."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cartwheel.catalog.check import check_catalog
from cartwheel.catalog.scaffold import scaffold_node
from tests.catalog.conftest import change

TEXT = {"type": "string", "title": "T", "description": "D"}


def messages(catalogue: Path) -> list[str]:
    return [str(fault) for fault in check_catalog([catalogue])]


def assert_told(catalogue: Path, *wanted: str) -> None:
    told = messages(catalogue)
    for words in wanted:
        assert any(words in message for message in told), told


def test_every_installed_catalogue_is_sound() -> None:
    assert [str(fault) for fault in check_catalog()] == []


def test_a_sound_catalogue_has_no_faults(catalogue: Path) -> None:
    assert messages(catalogue) == []


def test_all_faults_are_told_at_once(catalogue: Path, action: Path) -> None:
    change(action / "manifest.json", lambda manifest: manifest.pop("label"))
    (action / "icon.svg").write_text("<svg/>")
    (action / "samples" / "written.json").write_text("[")
    assert_told(catalogue, "'label' is a required property", "viewBox", "This is not JSON")


@pytest.mark.parametrize(
    ("part", "value", "wanted"),
    [
        ("version", 0, "/version: 0 is less than the minimum"),
        ("colour", "red", "'colour' was unexpected"),
        ("effect", "perhaps", "/effect: 'perhaps' is not one of"),
        ("app", "nobody", "/app: There is no app “nobody”"),
        ("app", "smtp", "/app: The settings need a field “connection”"),
        ("ports", [{"id": "done", "label": "Done"}], "An action needs the port “error”"),
        ("ports", [{"id": "a", "label": "A"}, {"id": "a", "label": "B"}], "“a” is there twice"),
        ("dynamic_ports", "/text", "It must lead to a list"),
        ("event_type", "x", "Every trigger names its event"),
        ("request", None, "None is not of type 'object'"),
        ("delivery", "keyed", "/lookup: It is only asked with the delivery “lookup”"),
        ("key_hours", 24, "/key_hours: Only a “keyed” provider remembers keys"),
        ("lookup", {"url": "/x"}, "'found_at' is a required property"),
        (
            "lookup",
            {"url": "https://a.example/{config/nobody}", "found_at": "/id"},
            "/lookup/url: “/nobody” is no field of the config",
        ),
        ("errors", {}, "An action says what refusals mean"),
        ("errors", {"rules": [{"code": "x", "message": "y"}]}, "is not valid under any"),
        (
            "message",
            {"channel": "sms", "to": "phone", "text": "text", "category": "internal"},
            "/message/to: The settings need the required field “phone”",
        ),
        (
            "message",
            {"channel": "sms", "to": "text", "text": "text"},
            "'category' is a required property",
        ),
    ],
)  # fmt: skip
def test_a_wrong_manifest_is_told(
    catalogue: Path, action: Path, part: str, value: Any, wanted: str
) -> None:
    change(action / "manifest.json", lambda manifest: manifest.update({part: value}))
    assert_told(catalogue, wanted)


def test_a_message_must_be_able_to_use_the_sandbox(catalogue: Path, action: Path) -> None:
    message = {"channel": "sms", "to": "text", "text": "text", "category": "internal"}
    change(action / "manifest.json", lambda manifest: manifest.update(message=message))
    assert_told(catalogue, "must be able to use the sandbox")


@pytest.mark.parametrize(
    ("part", "value", "wanted"),
    [
        ("url", "/notes", "/request/url: A path needs an app"),
        ("url", "https://x.y/{config/nothing}", "“/nothing” is no field of the config"),
        ("url", "https://x.y/{secret/token}", "“secret” is no source here"),
        ("body", {"a": {"$config": "/nothing"}}, "“/nothing” is no field of the config"),
        ("body", {"a": {"$body": "/x"}}, "“body” is no source here"),
        ("body", {"a": {"$config": "/text", "as": "magic"}}, "“as” knows no “magic”"),
        ("body", {"a": {"$config": "/text", "or": 1}}, "only “as” and “else”"),
        ("headers", {"X-A": "{connection/x}"}, "“/x” is no field of the connection"),
        ("output", {"other": 1}, "“note_id” stands here or in the output, not in both"),
    ],
)
def test_a_wrong_request_is_told(
    catalogue: Path, action: Path, part: str, value: Any, wanted: str
) -> None:
    change(action / "manifest.json", lambda manifest: manifest["request"].update({part: value}))
    assert_told(catalogue, wanted)


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ({"type": "string"}, "It has no title"),
        ({**TEXT, "type": "strang"}, "No JSON Schema"),
        ({**TEXT, "x-widget": "magic"}, "“x-widget” knows no “magic”"),
        ({**TEXT, "x-wigdet": "tags"}, "There is no hint “x-wigdet”"),
        ({**TEXT, "format": "iban"}, "“format” knows no “iban”"),
        ({**TEXT, "type": "integer", "x-template": True}, "Only a field that takes text"),
        ({**TEXT, "x-escape": "html"}, "belongs to a text with variables"),
        ({**TEXT, "maxLength": 2, "default": "abc"}, "The default does not fit"),
        ({**TEXT, "x-connection-app": ["nobody"]}, "There is no app “nobody”"),
        ({**TEXT, "enum": ["a"], "x-labels": {"b": "B"}}, "differ in a, b"),
        ({**TEXT, "enum": ["a"], "x-former": ["b"]}, "names what “enum” does not: b"),
        ({**TEXT, "x-show-if": {"nothing": 1}}, "shown by “nothing”"),
        ({**TEXT, "type": "array", "items": {"type": "string"}}, "/items: It has no title"),
    ],
)
def test_a_wrong_form_is_told(
    catalogue: Path, action: Path, field: dict[str, Any], wanted: str
) -> None:
    change(action / "config.schema.json", lambda schema: schema["properties"].update(extra=field))
    assert_told(catalogue, wanted)


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        (lambda schema: schema.pop("additionalProperties"), "Settings are an object with"),
        (lambda schema: schema["required"].append("ghost"), "It requires “ghost”"),
        (
            lambda schema: schema.update({"x-summary": {"a": {"words": "At {ghost}"}}}),
            "It speaks of “ghost”",
        ),
    ],
)
def test_a_wrong_form_as_a_whole_is_told(
    catalogue: Path, action: Path, how: Callable[[Any], None], wanted: str
) -> None:
    change(action / "config.schema.json", how)
    assert_told(catalogue, wanted)


def test_an_output_without_words_is_told(catalogue: Path, action: Path) -> None:
    change(
        action / "output.schema.json",
        lambda schema: schema["properties"]["note_id"].pop("description"),
    )
    assert_told(catalogue, "output.schema.json#/properties/note_id: It has no description")


@pytest.mark.parametrize(
    ("drawing", "wanted"),
    [
        ("<svg", "This is not SVG"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', 'viewBox="0 0 24 24"'),
        ("<script>alert(1)</script>", "“script” has no place"),
        ('<path onload="x()"/>', "“onload” has no place"),
        ('<path fill="#f00"/>', "currentColor"),
        ('<image href="https://x.y/a.png"/>', "“image” has no place"),
        ('<path style="fill:url(https://x.y)"/>', "“style” has no place"),
        ("<!-- hello -->", "bare SVG"),
        (f'<path d="{"M0 0" * 2000}"/>', "at most 4096 bytes"),
    ],
)
def test_a_wrong_icon_is_told(catalogue: Path, action: Path, drawing: str, wanted: str) -> None:
    whole = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{drawing}</svg>'
    (action / "icon.svg").write_text(drawing if drawing.startswith("<svg") else whole)
    assert_told(catalogue, wanted)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("import socket", "“socket” may not be imported"),
        ("import os.path", "“os.path” may not be imported"),
        ("from subprocess import run as r", "“subprocess.run” may not be imported"),
        ("import urllib.request", "“urllib.request” may not be imported"),
        ("from urllib import request", "“urllib.request” may not be imported"),
        ("from cartwheel.database import Database", "may not be imported"),
        ("from cartwheel import outbound", "“cartwheel.outbound” may not be imported"),
        ("from .. import other", "may not be imported"),
        ("import requests", "“requests” may not be imported"),
        ("x = open('/etc/passwd')", "“open” has no place"),
        ("x = eval('1')", "“eval” has no place"),
        ("x = ().__class__", "“__class__” has no place"),
        ("from datetime import datetime\nx = datetime.now()", "The time comes from ctx.now"),
        ("def broken(:", "this is not Python"),
    ],
)
def test_a_handler_that_reaches_out_is_told(
    catalogue: Path, action: Path, line: str, wanted: str
) -> None:
    (action / "handler.py").write_text(
        f"{line}\n\n\nasync def run(ctx, config):\n    return None\n"
    )
    assert_told(catalogue, wanted)


@pytest.mark.parametrize(
    "line", ["import json", "from urllib.parse import quote", "from email.utils import parseaddr"]
)
def test_a_handler_may_compute(catalogue: Path, line: str) -> None:
    scaffold_node("data", "compute", catalogue)
    handler = catalogue / "data" / "compute" / "handler.py"
    handler.write_text(f"{line}  # noqa: F401\n{handler.read_text()}")
    assert messages(catalogue) == []


def test_a_declared_package_may_be_imported(catalogue: Path) -> None:
    scaffold_node("data", "compute", catalogue)
    folder = catalogue / "data" / "compute"
    (folder / "handler.py").write_text(f"import orjson\n{(folder / 'handler.py').read_text()}")
    assert_told(catalogue, "“orjson” may not be imported")
    change(folder / "manifest.json", lambda manifest: manifest.update(requires=["orjson"]))
    assert messages(catalogue) == []


def test_a_handler_without_run_is_told(catalogue: Path, action: Path) -> None:
    (action / "handler.py").write_text("async def go(ctx, config):\n    return None\n")
    assert_told(catalogue, "It needs “async def run(ctx, config)”", "and not both")


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        (lambda sample: sample.update(port="nowhere"), "Expected the port “nowhere”, got “done”"),
        (lambda sample: sample.update(output={"note_id": "x"}), "Expected the data"),
        (lambda sample: sample.update(config={}), "“Note” is missing"),
        (lambda sample: sample.update(colour=1), "'colour' was unexpected"),
        (lambda sample: sample["exchange"].clear(), "An unexpected call"),
        (
            lambda sample: sample["exchange"][0]["request"].update(url="https://a"),
            "“url” should be",
        ),
        (lambda sample: sample["exchange"].append(sample["exchange"][0]), "did not happen"),
        (
            lambda sample: sample["exchange"][0]["response"].update(status=500),
            "no error, got “busy”",
        ),
    ],
)
def test_a_sample_that_does_not_come_true_is_told(
    catalogue: Path, action: Path, how: Callable[[Any], None], wanted: str
) -> None:
    change(action / "samples" / "written.json", how)
    assert_told(catalogue, wanted)


def test_an_action_shows_its_refusal_too(catalogue: Path, action: Path) -> None:
    (action / "samples" / "already_there.json").unlink()
    assert_told(catalogue, "one success and one refusal")


def test_data_that_do_not_fit_the_output_are_told(catalogue: Path, action: Path) -> None:
    change(
        action / "output.schema.json",
        lambda schema: schema["properties"]["note_id"].update(type="integer"),
    )
    assert_told(catalogue, "do not fit the output")


def test_missing_and_strange_files_are_told(catalogue: Path, action: Path) -> None:
    (action / "icon.svg").unlink()
    (action / "notes.txt").write_text("")
    (catalogue / "flow" / "Strange-Name").mkdir(parents=True)
    assert_told(
        catalogue,
        "icon.svg: The file is missing",
        "notes.txt: A node type's folder has no such file",
        "Strange-Name: The name has only small letters",
    )


def test_an_old_folder_must_hold_the_version_it_says(catalogue: Path, action: Path) -> None:
    action.rename(action.with_name("add_note_v3"))
    assert_told(catalogue, "The folder's name says version 3")


def test_a_language_is_whole_or_not_there(catalogue: Path, action: Path) -> None:
    (action / "translations").mkdir()
    (action / "translations" / "pl.json").write_text('{"label": "Notatka", "colour": "x"}')
    assert_told(
        catalogue,
        "pl.json#/description: The translation of “Writes a note",
        "pl.json#/config_schema/properties/text/title: The translation of “Note” is missing.",
        "pl.json#/errors/409/message: The translation of “The note is already there.” is missing.",
        "pl.json#/colour: There is nothing in English to translate here",
    )


def test_a_wrong_app_is_told(catalogue: Path) -> None:
    folder = catalogue / "apps" / "acme"
    folder.mkdir(parents=True)
    (folder / "app.json").write_text(
        '{"label": "Acme", "description": "Acme.", "protocol": "http",'
        ' "auth": [{"place": "header", "name": "X-Key", "value": "{secret/key}"}],'
        ' "test": {"method": "GET", "url": "https://acme.example.com/{connection/who}"}}'
    )
    (folder / "fields.schema.json").write_text(
        '{"type": "object", "additionalProperties": false, "properties":'
        ' {"key": {"type": "string", "title": "Key", "description": "The key."}}}'
    )
    assert_told(
        catalogue,
        "acme/icon.svg: The file is missing",
        "/hosts: Secrets need to know the hosts",
        "/auth/0: “key” is no secret",
        "/test/url: “/who” is no field of the connection",
    )
