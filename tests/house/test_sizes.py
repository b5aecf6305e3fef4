"""Short, and then shorter: what is too long fails, what is long is reported.

`too_long.txt` holds the exceptions. It may only shrink: an entry that is no longer needed, or that
has grown, fails as well.
"""

import ast
import statistics
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.house.tree import ROOT, product_files, python_files, script_files, shown

LONGEST_FUNCTION = 60
LONGEST_FILE = 500
LONGEST_MEDIAN = 12
EXCEPTIONS = Path(__file__).with_name("too_long.txt")
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}


@dataclass(frozen=True, order=True)
class Size:
    """How many lines a file, or a function in it (`path:name`), has."""

    lines: int
    place: str


def functions(file: Path) -> list[Size]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [
        Size((node.end_lineno or node.lineno) - node.lineno + 1, f"{shown(file)}:{node.name}")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


@cache
def all_functions() -> tuple[Size, ...]:
    """Without migrations: each is a list of statements that nobody edits again."""
    living = (file for file in python_files() if "versions" not in file.parts)
    return tuple(size for file in living for size in functions(file))


@cache
def all_files() -> tuple[Size, ...]:
    files = (*python_files(), *script_files())
    return tuple(Size(file.read_text(encoding="utf-8").count("\n"), shown(file)) for file in files)


def exceptions() -> dict[str, int]:
    lines = EXCEPTIONS.read_text(encoding="utf-8").splitlines()
    entries = [line.rsplit(maxsplit=1) for line in lines if line and not line.startswith("#")]
    return {place: int(allowed) for place, allowed in entries}


def too_long() -> dict[str, int]:
    return {
        size.place: size.lines
        for sizes, limit in ((all_functions(), LONGEST_FUNCTION), (all_files(), LONGEST_FILE))
        for size in sizes
        if size.lines > limit
    }


def test_no_function_and_no_file_is_too_long() -> None:
    allowed = exceptions()
    excess = {place: lines for place, lines in too_long().items() if lines > allowed.get(place, 0)}

    assert not excess, "Two ideas stand in each of these; give each a place of its own."


def test_the_list_of_exceptions_only_shrinks() -> None:
    found = too_long()
    stale = {place for place, lines in exceptions().items() if found.get(place, 0) < lines}

    assert not stale, f"Shorten or delete these lines in {shown(EXCEPTIONS)}."


def test_the_median_function_is_short() -> None:
    product = [size for file in product_files() for size in functions(file)]
    median = statistics.median(size.lines for size in product)

    assert median <= LONGEST_MEDIAN


def test_what_is_long_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\nfunctions: {len(all_functions())}, ", end="")
        print(f"median {statistics.median(size.lines for size in all_functions())} lines; longest:")
        for size in (*sorted(all_functions())[:-6:-1], *sorted(all_files())[:-6:-1]):
            print(f"  {size.lines:>4} {size.place}")

    assert all_functions()


def test_no_file_is_a_drawer() -> None:
    drawers = [
        shown(file) for file in (*python_files(), *script_files()) if file.stem in BANNED_NAMES
    ]
    folders = {
        part
        for file in (*python_files(), *script_files())
        for part in file.relative_to(ROOT).parts[:-1]
        if part in BANNED_NAMES
    }

    assert not drawers
    assert not folders
