"""The canvas is built when it is stale, and only then."""

import json
import shutil
from pathlib import Path

import pytest

from hatch_build import build_canvas, is_installed, sources_digest
from tests.frontend_tools import FRONTEND


class NoNode:
    """Stands where Node would; notes what it was asked to do."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def install(self, _folder: Path, *, with_tools: bool) -> None:
        self.asked.append("install with tools" if with_tools else "install")

    def run(self, folder: Path, _script: Path, *arguments: str) -> None:
        self.asked.append(" ".join(arguments))
        (folder / "dist").mkdir(exist_ok=True)
        (folder / "dist" / "index.html").write_text("built")


PACKAGES: dict[str, dict[str, object]] = {"node_modules/vite": {"version": "8.0.0"}}


@pytest.fixture
def frontend(tmp_path: Path) -> Path:
    """A small front end whose packages are installed."""
    (tmp_path / "src").mkdir()
    (tmp_path / "public").mkdir()
    (tmp_path / "src" / "main.ts").write_text("export {};\n")
    for name in ("index.html", "package.json", "package-lock.json", "tsconfig.json"):
        shutil.copy(FRONTEND / name, tmp_path / name)
    install(tmp_path, PACKAGES)
    return tmp_path


def install(frontend: Path, packages: dict[str, dict[str, object]]) -> None:
    (frontend / "node_modules").mkdir(exist_ok=True)
    lock = json.dumps({"packages": packages})
    (frontend / "package-lock.json").write_text(lock)
    (frontend / "node_modules" / ".package-lock.json").write_text(lock)


def test_a_stale_canvas_is_built_once(frontend: Path) -> None:
    node = NoNode()

    built = [build_canvas(frontend, node), build_canvas(frontend, node)]  # type: ignore[arg-type]

    assert built == [True, False]
    assert node.asked == ["build"]


def test_packages_that_are_installed_anew_do_not(frontend: Path) -> None:
    """A Cartwheel that serves the canvas would miss its files while it is built."""
    node = NoNode()
    build_canvas(frontend, node)  # type: ignore[arg-type]
    shutil.rmtree(frontend / "node_modules")
    install(frontend, PACKAGES)

    assert not build_canvas(frontend, node)  # type: ignore[arg-type]


def test_an_edited_source_makes_it_stale(frontend: Path) -> None:
    node = NoNode()
    build_canvas(frontend, node)  # type: ignore[arg-type]
    (frontend / "src" / "main.ts").write_text("export const one = 1;\n")

    assert build_canvas(frontend, node)  # type: ignore[arg-type]


def test_an_edited_test_does_not(frontend: Path) -> None:
    before = sources_digest(frontend)
    (frontend / "src" / "main.test.ts").write_text("export {};\n")

    assert sources_digest(frontend) == before


def test_missing_packages_are_installed_without_the_developers_tools(frontend: Path) -> None:
    (frontend / "node_modules" / ".package-lock.json").unlink()
    node = NoNode()

    build_canvas(frontend, node)  # type: ignore[arg-type]

    assert node.asked == ["install", "build"]


def test_a_package_for_another_system_need_not_be_there(frontend: Path) -> None:
    install(frontend, {"node_modules/vite": {"version": "8.0.0"}})
    lock = json.loads((frontend / "package-lock.json").read_text())
    lock["packages"]["node_modules/for-another"] = {"version": "1.0.0", "optional": True}
    (frontend / "package-lock.json").write_text(json.dumps(lock))

    assert is_installed(frontend, with_tools=True)


def test_a_package_of_another_version_is_missing(frontend: Path) -> None:
    lock = {"packages": {"node_modules/vite": {"version": "8.0.1"}}}
    (frontend / "package-lock.json").write_text(json.dumps(lock))

    assert not is_installed(frontend, with_tools=False)
