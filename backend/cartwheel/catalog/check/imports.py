"""Whether the Python of a catalogue keeps to what a node may use: it computes, and asks `ctx`
for everything else."""

import ast
from collections.abc import Iterator
from pathlib import Path

from cartwheel.catalog.check.fault import Fault

PURE = frozenset(
    [
        "__future__",
        "abc",
        "base64",
        "binascii",
        "bisect",
        "calendar",
        "collections",
        "copy",
        "dataclasses",
        "datetime",
        "decimal",
        "email.utils",
        "enum",
        "fractions",
        "functools",
        "hashlib",
        "heapq",
        "hmac",
        "html",
        "itertools",
        "json",
        "math",
        "numbers",
        "operator",
        "re",
        "statistics",
        "string",
        "textwrap",
        "types",
        "typing",
        "unicodedata",
        "urllib.parse",
        "uuid",
        "zoneinfo",
    ]
)
"""The parts of the standard library without network, processes, files, clocks and chance."""

SDK = frozenset({"cartwheel.node_sdk", "cartwheel.sheets"})
_BANNED_CALLS = frozenset(
    [
        "open",
        "eval",
        "exec",
        "compile",
        "__import__",
        "breakpoint",
        "input",
        "print",
        "globals",
        "vars",
        "setattr",
    ]
)
_CLOCKS = frozenset({"now", "utcnow", "today"})


def import_faults(file: Path, allowed: set[str], *, wants_run: bool = False) -> Iterator[Fault]:
    """What `file` may not do. `allowed` are packages beside the SDK and the pure library."""
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except SyntaxError as error:
        yield Fault(file, "", f"Line {error.lineno}: this is not Python: {error.msg}.")
        return
    for node in ast.walk(tree):
        for message in _of_node(node, allowed):
            yield Fault(file, "", f"Line {getattr(node, 'lineno', 0)}: {message}")
    if wants_run and not any(_is_run(node) for node in tree.body):
        yield Fault(file, "", "It needs “async def run(ctx, config)”.")


def _of_node(node: ast.AST, allowed: set[str]) -> Iterator[str]:
    for name in _imported(node):
        if not _may_import(name, allowed):
            yield f"“{name}” may not be imported here; docs/nodes.md lists what may."
    if isinstance(node, ast.Name) and node.id in _BANNED_CALLS:
        yield f"“{node.id}” has no place in a node."
    if isinstance(node, ast.Attribute) and node.attr.startswith("__") and node.attr != "__init__":
        yield f"“{node.attr}” has no place in a node."
    if isinstance(node, ast.Call) and _asks_the_clock(node.func):
        yield "The time comes from ctx.now, so that simulations have theirs."


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        if node.level:
            yield "." * node.level + (node.module or "")
        elif node.module:
            # `from urllib import parse` names urllib.parse as much as the other spelling does.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _may_import(name: str, allowed: set[str]) -> bool:
    known = {*SDK, *PURE, *allowed}
    parts = name.split(".")
    return any(".".join(parts[:end]) in known for end in range(1, len(parts) + 1))


def _asks_the_clock(called: ast.expr) -> bool:
    if not (isinstance(called, ast.Attribute) and called.attr in _CLOCKS):
        return False
    owner = called.value
    name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
    return name in {"datetime", "date"}


def _is_run(node: ast.stmt) -> bool:
    if not isinstance(node, ast.AsyncFunctionDef) or node.name != "run":
        return False
    return [argument.arg for argument in node.args.args] == ["ctx", "config"]
