"""What the engine may not know: databases, networks, frameworks, and the name of any node type."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cartwheel.catalog.registry import load_registry

PURE = ("engine", "recorder", "plan", "execution", "scope", "flow", "tokens")
IMPURE = ("sqlalchemy", "sqlmodel", "fastapi", "starlette", "httpx", "aiohttp", "arq", "redis")
RUNS = Path(__file__).resolve().parents[2] / "backend/cartwheel/runs"
DECIDING = (
    "engine", "course", "consequences", "failing", "verdicts", "flow", "tokens", "execution",
    "plan", "recorder", "scope", "templates", "messages",
)  # fmt: skip


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_loads_neither_database_nor_network_nor_framework(module: str) -> None:
    code = (
        f"import json, sys, cartwheel.runs.{module};"
        f"print(json.dumps([name for name in {IMPURE!r} if name in sys.modules]))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert json.loads(printed.stdout) == []


@pytest.mark.parametrize("module", DECIDING)
def test_no_node_types_name_stands_where_is_decided(module: str) -> None:
    source = (RUNS / f"{module}.py").read_text()
    assert [each.name for each in load_registry().types if each.name in source] == []
