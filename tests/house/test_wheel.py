"""The wheel is whole: installed where nothing else is, it runs, with canvas and migrations."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.house.tree import ROOT, shown, tree_files
from tests.running import RunningCartwheel

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("wheel")]


def uv(*arguments: str, folder: Path = ROOT) -> None:
    """Run uv, which runs these tests too, so it is there; else pip's would do the same."""
    program = os.environ.get("UV") or shutil.which("uv")
    assert program, "uv is missing: pip install uv"
    kept = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    done = subprocess.run(
        (program, *arguments), cwd=folder, env=kept, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the tree as a stranger would have it."""
    folder = tmp_path_factory.mktemp("wheel")
    for file in tree_files():
        target = folder / "tree" / shown(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)
    uv("build", "--wheel", "--quiet", "--out-dir", str(folder), folder=folder / "tree")
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `cartwheel` of an environment that holds the wheel and what it needs, nothing else."""
    environment = tmp_path_factory.mktemp("empty") / "venv"
    locked = environment.parent / "requirements.txt"
    uv("export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "-o", str(locked))
    uv("venv", "--quiet", "--python", sys.executable, str(environment))
    python = environment / "bin" / "python"
    uv("pip", "install", "--quiet", "--python", str(python), "-r", str(locked), str(wheel))
    return environment / "bin" / "cartwheel"


@pytest.fixture(scope="module")
def running(
    installed: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningCartwheel]:
    """That `cartwheel up`, with nothing else on PATH."""
    data = tmp_path_factory.mktemp("installed") / "data"
    nothing = {"PATH": str(installed.parent), "PYTHONPATH": "", "VIRTUAL_ENV": ""}
    with RunningCartwheel(data, nothing, (str(installed),)) as started:
        yield started


def test_tests_of_one_group_share_a_process(request: pytest.FixtureRequest) -> None:
    """pytest-xdist tells a group by the name of a test. pytest 9.2 keeps that name elsewhere, and
    every process built a wheel and started a browser of its own."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert request.node.nodeid.endswith("@wheel")


def test_the_wheel_carries_canvas_migrations_and_node_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert "cartwheel/bundled/frontend/index.html" in names
    assert "cartwheel/bundled/migrations/env.py" in names
    assert "cartwheel/bundled/migrations/versions/0001_start.py" in names
    assert "node_catalog/actions/send_sms/manifest.json" in names


def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {top for name in names if not (top := name.split("/")[0]).endswith(".dist-info")}

    assert tops == {"cartwheel", "node_catalog"}
    assert not any("node_modules" in name for name in names)


def test_the_installed_wheel_is_ready_and_serves_the_canvas(running: RunningCartwheel) -> None:
    page = running.get("/")
    script = page.text.split('type="module" crossorigin src="')[1].split('"')[0]

    assert running.get("/readyz").status_code == 200
    assert running.get(script).headers["content-type"].startswith("text/javascript")


def test_the_installed_wheel_finds_its_node_types(running: RunningCartwheel) -> None:
    headers = {"Authorization": f"Bearer {running.token()}"}
    answer = httpx.get(f"{running.url}/api/node-types", headers=headers, timeout=60)

    assert "action.send_sms" in {item["type"] for item in answer.json()["items"]}
