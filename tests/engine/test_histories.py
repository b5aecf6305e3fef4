"""Runs that earlier engines decided are decided the same by this one."""

import json
from pathlib import Path

import pytest

from tests.engine.history import DRAWINGS, FOLDER, history_of, replayed

HISTORIES = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("file", HISTORIES, ids=lambda file: file.stem)
def test_a_stored_history_is_decided_again_as_it_was(file: Path) -> None:
    for then, now in replayed(json.loads(file.read_text(encoding="utf-8"))):
        assert now == then


def test_every_drawing_has_its_history() -> None:
    assert {file.stem for file in HISTORIES} >= DRAWINGS.keys()


def test_a_history_that_is_written_today_replays_today() -> None:
    history = json.loads(json.dumps(history_of(DRAWINGS["2026-11-events_and_calls"])))
    assert all(now == then for then, now in replayed(history))
