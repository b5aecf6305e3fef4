"""Runs that earlier engines decided are decided the same by this one."""

import json
from pathlib import Path

import pytest

from tests.engine import whole_runs
from tests.engine.history import DRAWINGS, FOLDER, history_of, replayed

HISTORIES = sorted(FOLDER.glob("*.json"))
WHOLE_RUNS = sorted(whole_runs.FOLDER.glob("*.json"))


@pytest.mark.parametrize("file", HISTORIES, ids=lambda file: file.stem)
def test_a_stored_history_is_decided_again_as_it_was(file: Path) -> None:
    for then, now in replayed(json.loads(file.read_text(encoding="utf-8"))):
        assert now == then


def test_every_drawing_has_its_history() -> None:
    assert {file.stem for file in HISTORIES} >= DRAWINGS.keys()


def test_a_history_that_is_written_today_replays_today() -> None:
    history = json.loads(json.dumps(history_of(DRAWINGS["2026-11-events_and_calls"])))
    assert all(now == then for then, now in replayed(history))


@pytest.mark.parametrize("file", WHOLE_RUNS, ids=lambda file: file.stem)
def test_a_run_with_waits_tables_or_people_ends_again_as_it_ended(file: Path) -> None:
    history = json.loads(file.read_text(encoding="utf-8"))
    assert json.loads(json.dumps(whole_runs.ended(history))) == history["steps"]


def test_every_run_that_is_played_has_its_history() -> None:
    assert {file.stem for file in WHOLE_RUNS} >= whole_runs.PLAYED.keys()
