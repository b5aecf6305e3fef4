"""A second try on the server meets nothing of the first, and what the first said is told."""

import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = """
import pytest
from tests.second_try import (
    pytest_addoption,
    pytest_report_teststatus,
    pytest_runtest_protocol,
    pytest_terminal_summary,
)

STARTS = []

@pytest.fixture(scope="session")
def orders():
    STARTS.append(1)
    yield []
    STARTS.append(-1)

@pytest.fixture(scope="session")
def starts():
    return STARTS
"""
TESTS = """
def test_before(orders):
    orders.append("of a neighbour")

def test_lost_a_race(orders, starts):
    orders.append("of this test")
    assert starts == [1, -1, 1], "the first time somebody else was quicker"
    assert orders == ["of this test"]

def test_wrong(orders):
    assert orders == "never"
"""


@pytest.mark.parametrize("processes", [[], ["-n", "1"]])
def test_the_second_try_has_everything_anew(tmp_path: Path, processes: list[str]) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_it.py").write_text(TESTS)
    plain = ("-m", "pytest", "-c", "/dev/null", "-p", "no:cacheprovider", *processes)
    done = subprocess.run(
        (sys.executable, *plain, "--second-try", "--rootdir", tmp_path, tmp_path),
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert "1 failed, 2 passed, 2 rerun" in done.stdout, done.stdout + done.stderr
    assert "first try of test_it.py::test_lost_a_race" in done.stdout
    assert "somebody else was quicker" in done.stdout
    assert done.returncode == 1
