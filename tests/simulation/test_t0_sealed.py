"""T0 (a) to (c): everything is simulated where there is no network, and where every call is seen.

What is played stands in `sealed.py`: each node type and each template, with connections that have
secrets and lead to a canary.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cartwheel.catalog.registry import load_registry

ROOT = Path(__file__).resolve().parents[2]
STEPS = [each for each in load_registry().types if each.category != "trigger"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_everything_is_played_where_there_is_no_network_and_no_canary_is_met(
    database_url: str,
) -> None:
    unshare = _tool("unshare", "-rn", "true")
    found = _played([unshare, "-rn"], database_url, "prove")
    assert found["faults"] == []
    assert (found["canary"], found["is_alive"]) == (0, True)
    assert found["played"] > len(STEPS)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_simulation_makes_no_call_to_any_internet_address(
    database_url: str, tmp_path: Path
) -> None:
    if "host=" not in database_url:
        pytest.skip("SKIPPED LOUDLY: this PostgreSQL is reached over TCP; SQLite proves the rest")
    strace = _tool("strace", "-f", "true")
    log = tmp_path / "calls.log"
    traced = "trace=connect,sendto,sendmsg,sendmmsg"
    found = _played([strace, "-f", "-qq", "-e", traced, "-o", str(log)], database_url)
    calls = log.read_text().splitlines()
    assert (found["faults"], found["canary"]) == ([], 0)
    assert any("AF_UNIX" in call for call in calls), "nothing was traced"
    assert [call for call in calls if "AF_INET" in call] == []


def _tool(name: str, *trial: str) -> str:
    """The path of a tool that works here. Skips where it does not."""
    path = shutil.which(name)
    if path is None or subprocess.run([path, *trial], capture_output=True, check=False).returncode:
        pytest.skip(f"SKIPPED LOUDLY: {name} does not work here; the exploding sockets prove it")
    return path


def _played(sealed: list[str], *arguments: str) -> dict[str, Any]:
    command = [*sealed, sys.executable, "-m", "tests.simulation.sealed", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
