"""Finding what is installed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cartwheel.catalog.documents import BadDocument
from cartwheel.catalog.registry import (
    Catalogue,
    Registry,
    UnknownNodeType,
    build_registry,
    installed_catalogues,
)
from tests.catalog.conftest import change


def test_the_built_in_catalogue_is_announced_by_its_entry_point() -> None:
    assert "node_catalog" in {catalogue.package for catalogue in installed_catalogues()}


def test_every_node_type_of_the_first_flow_is_there(registry: Registry) -> None:
    wanted = {
        "trigger.order_created",
        "trigger.order_paid",
        "trigger.customer_created",
        "trigger.event",
        "trigger.manual",
        "condition.if",
        "condition.switch",
        "flow.delay",
        "flow.stop",
        "data.set",
        "action.http_request",
        "action.send_email",
        "action.send_whatsapp",
        "action.send_sms",
        "action.slack_message",
        "action.add_tags",
    }
    assert wanted <= {node_type.name for node_type in registry.types}


def test_a_pinned_version_is_found(registry: Registry) -> None:
    assert registry.get("action.send_sms", 1).ref == "action.send_sms@1"


def test_an_unknown_version_is_refused_with_its_name(registry: Registry) -> None:
    with pytest.raises(UnknownNodeType, match=r"action\.send_sms@99"):
        registry.get("action.send_sms", 99)


def test_an_unknown_name_is_refused(registry: Registry) -> None:
    with pytest.raises(UnknownNodeType, match=r"action\.fly"):
        registry.latest("action.fly")


def test_an_old_version_stays_loadable_beside_the_new_one(catalogue: Path, action: Path) -> None:
    shutil.copytree(action, action.with_name("add_note_v1"))
    change(action / "manifest.json", lambda manifest: manifest.update(version=2))

    registry = build_registry([Catalogue(catalogue.name, catalogue)])

    assert registry.get("action.add_note", 1).folder.name == "add_note_v1"
    assert registry.latest("action.add_note").version == 2


def test_the_same_version_twice_is_refused(catalogue: Path, action: Path) -> None:
    shutil.copytree(action, action.with_name("add_note_v1"))
    with pytest.raises(BadDocument, match="also stands in"):
        build_registry([Catalogue(catalogue.name, catalogue)])


def test_a_broken_manifest_is_named(catalogue: Path, action: Path) -> None:
    (action / "manifest.json").write_text("{")
    with pytest.raises(BadDocument, match=r"manifest\.json.*not JSON"):
        build_registry([Catalogue(catalogue.name, catalogue)])


def test_loading_imports_neither_handlers_nor_the_validator() -> None:
    script = (
        "import sys; from cartwheel.catalog import load_registry; load_registry();"
        "print([m for m in sys.modules if m.startswith(('node_catalog', 'jsonschema'))])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == "[]"


def test_a_handler_is_imported_when_it_is_first_asked_for(registry: Registry) -> None:
    assert registry.get("condition.if", 1).run is not None


def test_a_trigger_has_nothing_to_run(registry: Registry) -> None:
    assert registry.get("trigger.order_created", 1).run is None


def test_shared_objects_are_inlined(registry: Registry) -> None:
    schema = registry.get("trigger.order_created", 1).output_schema
    order = schema["properties"]["order"]["properties"]
    assert order["shipping_address"]["properties"]["city"]["title"] == "City"
    assert "$ref" not in str(schema)


def test_words_beside_a_reference_win(registry: Registry) -> None:
    schema = registry.get("trigger.order_created", 1).output_schema
    order = schema["properties"]["order"]["properties"]
    assert order["shipping_address"]["title"] == "Shipping address"


def test_a_reference_may_not_leave_the_catalogue(catalogue: Path, action: Path) -> None:
    outside = catalogue.parent / "outside.json"
    outside.write_text('{"type": "string"}')
    change(
        action / "output.schema.json",
        lambda schema: schema["properties"].update(x={"$ref": "../../../outside.json"}),
    )
    (node_type,) = build_registry([Catalogue(catalogue.name, catalogue)]).types
    with pytest.raises(BadDocument, match="leaves the catalogue"):
        _ = node_type.output_schema


def test_references_in_a_circle_are_noticed(catalogue: Path, action: Path) -> None:
    (action / "output.schema.json").write_text('{"properties": {"x": {"$ref": "#"}}}')
    (node_type,) = build_registry([Catalogue(catalogue.name, catalogue)]).types
    with pytest.raises(BadDocument, match="circle"):
        _ = node_type.output_schema
