"""The whole way by the API alone, as the README's example goes it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import RunningCartwheel, without_settings

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/first_flow.py"

pytestmark = pytest.mark.usefixtures("tidy")


def test_the_readmes_example_creates_tests_activates_and_sends(cartwheel_up: RunningCartwheel):
    environment = {"CARTWHEEL_URL": cartwheel_up.url, "CARTWHEEL_TOKEN": cartwheel_up.token()}
    done = subprocess.run(
        [sys.executable, str(EXAMPLE)],
        env=without_settings(environment),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "A test would send: Thank you, Anna!",
        "In the outbox: +48600100200 Thank you, Anna!",
    ]


def test_the_example_has_no_more_than_thirty_lines_of_code():
    lines = EXAMPLE.read_text().partition('"""\n\nimport')[2].splitlines()
    assert len([line for line in lines if line.strip()]) <= 30
