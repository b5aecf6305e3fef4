"""The commands for people who write node types and workflows."""

import json
from pathlib import Path

from tests.running import cartwheel

GRAPH = {
    "schema": 1,
    "nodes": [
        {
            "id": "start",
            "type": "trigger.order_created@1",
            "config": {},
            "position": {"x": 0, "y": 0},
        },
        {
            "id": "wait",
            "type": "flow.delay@1",
            "config": {"amount": 3, "unit": "days"},
            "position": {"x": 0, "y": 100},
        },
        {
            "id": "text",
            "type": "action.send_sms@1",
            "config": {"to": "+48123123123", "text": "Thank you, {{ customer.first_name }}"},
            "position": {"x": 0, "y": 200},
        },
    ],
    "edges": [
        {
            "id": "a",
            "source": "start",
            "sourceHandle": "done",
            "target": "wait",
            "targetHandle": "in",
        },
        {
            "id": "b",
            "source": "wait",
            "sourceHandle": "done",
            "target": "text",
            "targetHandle": "in",
        },
    ],
}


def written(folder: Path, content: object) -> str:
    file = folder / "flow.json"
    file.write_text(json.dumps(content))
    return str(file)


def test_a_graph_is_played_without_any_installation(tmp_path: Path) -> None:
    played = cartwheel("simulate", written(tmp_path, GRAPH), "--data", str(tmp_path / "none"))

    assert played.returncode == 0, played.stderr + played.stdout
    assert "message  sms to +48123123123: Thank you" in played.stdout
    assert "Nothing was sent." in played.stdout


def test_a_scenario_is_played_and_shown_as_the_api_shows_it(tmp_path: Path) -> None:
    order = {"order": {"id": "1", "total": "10.00"}, "customer": {"first_name": "Ada"}}
    scenario = {"graph": GRAPH, "event": {"data": order}, "at": "2026-03-01T09:00:00Z"}

    played = cartwheel("simulate", "--json", written(tmp_path, scenario), "--data", str(tmp_path))

    result = json.loads(played.stdout)
    assert result["messages"][0]["text"] == "Thank you, Ada"
    assert result["ended_at"].startswith("2026-03-04T09:00:00")


def test_a_file_that_is_no_scenario_is_refused_with_its_place(tmp_path: Path) -> None:
    played = cartwheel("simulate", written(tmp_path, {"graph": GRAPH, "evnt": {}}))

    assert played.returncode == 1
    assert "evnt" in played.stderr


def test_the_built_in_catalogue_has_no_faults() -> None:
    checked = cartwheel("nodes", "check")

    assert checked.stdout.strip().endswith("Every node type and template is sound.")
    assert checked.returncode == 0


def test_a_new_node_type_is_sound_at_once(tmp_path: Path) -> None:
    pack = tmp_path / "fresh_pack"
    made = cartwheel("nodes", "new", "action", "wave_flag", "--folder", str(pack))
    checked = cartwheel("nodes", "check", str(pack))

    assert made.returncode == 0, made.stderr
    assert (pack / "actions" / "wave_flag" / "manifest.json").is_file()
    assert checked.returncode == 0, checked.stdout


def test_a_fault_is_reported_with_its_file(tmp_path: Path) -> None:
    pack = tmp_path / "broken_pack"
    cartwheel("nodes", "new", "action", "wave_flag", "--folder", str(pack))
    (pack / "actions" / "wave_flag" / "manifest.json").write_text("{}")

    checked = cartwheel("nodes", "check", str(pack))

    assert checked.returncode == 1
    assert "manifest.json" in checked.stdout


def test_help_names_every_command() -> None:
    shown = cartwheel("--help").stdout

    for command in ("up", "serve", "worker", "migrate", "login-link", "token", "nodes", "simulate"):
        assert command in shown
