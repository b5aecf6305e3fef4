"""What the processes write down: lines for people, objects for programs, secrets for nobody."""

import json
import logging
import sys

import pytest

from cartwheel import logbook
from cartwheel.commands.log_lines import JsonLine, TextLine
from cartwheel.outbound.redaction import remember

SECRET = 'a "quoted" secret/of-the-shop'


def record(message: str, *, error: bool = False, **fields: object) -> logging.LogRecord:
    try:
        raise ValueError(f"the provider said {SECRET}")
    except ValueError:
        trace = sys.exc_info() if error else None
    made = logging.LogRecord("cartwheel.runs", logging.INFO, "", 0, message, None, trace)
    made.created, made.msecs = 1_795_322_400.25, 250.0
    made.fields = fields
    return made


def test_a_line_for_people_ends_with_its_figures() -> None:
    assert TextLine().format(record("ended", run="01R", ms=12)) == (
        "2026-11-22T04:40:00Z INFO cartwheel.runs: ended run=01R ms=12"
    )


def test_a_line_for_programs_is_an_object_with_its_fields() -> None:
    assert json.loads(JsonLine("worker").format(record("ended", run="01R", ms=12))) == {
        "time": "2026-11-22T04:40:00.250Z",
        "level": "info",
        "process": "worker",
        "logger": "cartwheel.runs",
        "message": "ended",
        "run": "01R",
        "ms": 12,
    }


@pytest.mark.parametrize("line", [TextLine(), JsonLine("worker")])
def test_a_secret_in_use_is_in_no_line_not_even_in_a_traceback(line: logging.Formatter) -> None:
    remember(SECRET)
    said = line.format(record(f"refused {SECRET}", error=True, note=SECRET))
    assert "quoted" not in said
    assert said.count("[hidden]") >= 3
    assert "\n" not in said


def test_under_load_a_phase_has_so_many_lines_a_second_and_says_what_it_left_out(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([*[100] * 50, 101])
    monkeypatch.setattr(logbook, "_pace", logbook.Pace())
    monkeypatch.setattr(logbook, "_log", logging.getLogger("tests.phases"))
    monkeypatch.setattr(logbook.time, "monotonic", lambda: next(seconds))
    with caplog.at_level(logging.INFO, "tests.phases"):
        for number in range(51):
            logbook.tell("routed", run=number)
    said = [each.fields for each in caplog.records]  # type: ignore[attr-defined]
    assert said[:-1] == [{"run": number} for number in range(logbook.LINES_A_SECOND)]
    assert said[-1] == {"run": 50, "left_out": 30}
