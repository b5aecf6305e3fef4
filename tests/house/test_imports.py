"""The layers of the house: who may import whom."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, product_files, python_files, shown

# `urllib.parse` only reads addresses, so the linter's whole-package rules cannot name `urllib`.
STRANGERS = {"urllib.request", "http.client", "socketserver", "xmlrpc.client", "telnetlib"}
MAY_SPEAK = ("backend/cartwheel/outbound/", "backend/cartwheel/supervision/")


def test_every_contract_holds() -> None:
    """What it prints says which import breaks which contract. In a process of its own, because it
    silences every logger that there is."""
    command = (
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    )
    done = subprocess.run(
        (sys.executable, "-c", command), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def imported(file: Path) -> Iterator[str]:
    """Every module that a file imports, in functions too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_only_the_way_out_uses_clients_of_the_standard_library() -> None:
    speaking = [
        shown(file)
        for file in product_files()
        if not shown(file).startswith(MAY_SPEAK) and STRANGERS & set(imported(file))
    ]

    assert speaking == []


def test_the_product_never_names_the_built_in_node_types() -> None:
    naming = [
        shown(file)
        for file in product_files()
        if shown(file).startswith("backend/")
        and any(name.split(".")[0] == "node_catalog" for name in imported(file))
    ]

    assert naming == []


def test_every_folder_of_python_is_a_package() -> None:
    """The linter passes over folders without `__init__.py`."""
    folders = {
        parent
        for file in python_files()
        for parent in (file.parent, *file.parent.parents)
        if shown_below(parent).startswith(("backend/cartwheel", "node_catalog", "tests"))
    }
    missing = [
        shown(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()
    ]

    assert missing == []


def shown_below(folder: Path) -> str:
    return shown(folder) if folder.is_relative_to(ROOT) else ""


def test_the_supervisor_loads_nothing_heavy() -> None:
    heavy = "{'sqlalchemy', 'fastapi', 'pydantic', 'asyncio', 'httpx', 'redis'}"
    code = f"import sys, cartwheel.cli, cartwheel.supervision.up; print({heavy} & set(sys.modules))"

    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"


def test_a_worker_at_rest_has_loaded_no_orm_and_no_framework() -> None:
    """Together they are a third of its memory; what moves runs needs none of them."""
    asked = (
        "import sys, cartwheel.worker; print(*sorted({n.partition('.')[0] for n in sys.modules}))"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=300
    )
    assert {"sqlalchemy", "sqlmodel", "pydantic", "fastapi"}.isdisjoint(told.stdout.split())
