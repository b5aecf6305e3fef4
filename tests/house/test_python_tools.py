"""The tools that read Python agree with all of it."""

import subprocess
import sys

import pytest

from tests.house.tree import ROOT

PYTHON = ("backend", "node_catalog", "tests", "migrations", "benchmarks", "hatch_build.py")


def check(*command: str) -> None:
    """Run a tool from the top of the tree; its words are the failure's."""
    done = subprocess.run(
        (sys.executable, "-m", *command), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    check("ruff", "check", *PYTHON)


def test_ruff_would_format_nothing_anew() -> None:
    check("ruff", "format", "--check", *PYTHON)


@pytest.mark.timeout(600)
def test_mypy_strict_finds_nothing() -> None:
    check("mypy")
