"""The canvas's own checks and tests, run as everything else is: with `uv run pytest`."""

import subprocess
from pathlib import Path

import pytest

from hatch_build import build_canvas
from tests.frontend_tools import FRONTEND, node, run_tool
from tests.running import cartwheel

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("frontend")]


def said(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout[-8000:]


def test_the_compiler_and_eslint_find_nothing() -> None:
    """In one process, because most of what both do is to work out the same types."""
    done = run_tool("../scripts/check.mjs")

    assert done.returncode == 0, said(done)


def test_prettier_would_format_nothing_anew() -> None:
    done = run_tool("prettier/bin/prettier.cjs", "--check", ".")

    assert done.returncode == 0, said(done)


def test_the_tests_of_the_canvas_pass() -> None:
    done = run_tool("vitest/vitest.mjs", "run", "--maxWorkers=2")

    assert done.returncode == 0, said(done)


def test_no_page_loads_more_javascript_than_its_budget() -> None:
    """What is over: `node scripts/size.mjs` in `frontend/`. Fetch what is needed later, later."""
    build_canvas(FRONTEND, node())
    done = run_tool("../scripts/size.mjs")

    assert done.returncode == 0, said(done)


def test_the_generated_types_are_those_of_the_api(tmp_path: Path) -> None:
    """Stale? `uv run cartwheel openapi > frontend/openapi.json`, then `npm run api` there."""
    described = cartwheel("openapi")
    assert described.returncode == 0, described.stderr
    document, types = tmp_path / "openapi.json", tmp_path / "schema.ts"
    document.write_text(described.stdout, encoding="utf-8")

    done = run_tool(
        "openapi-typescript/bin/cli.js", str(document), "-o", str(types),
        "--default-non-nullable", "false",
    )  # fmt: skip

    assert done.returncode == 0, said(done)
    assert types.read_text("utf-8") == (FRONTEND / "src" / "api" / "schema.ts").read_text("utf-8")
