"""The sentences that the code says to people, read from the code itself: everything written in it
that reads as a sentence, unless it stands where only programmers and administrators look."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "backend/cartwheel", ROOT / "node_catalog")
NOT_FOR_MERCHANTS = {
    "commands", "supervision", "check", "upkeep", "app.py", "cli.py", "settings.py", "revision.py",
    "scaffold.py", "sketches.py", "playing.py", "documents.py", "vault.py", "health.py",
    "metrics.py", "openapi.py", "templates/check.py", "templates/template.py", "demo/orders.py",
}  # fmt: skip
"""These speak to whoever runs the server or writes node types and templates: in English, like their
documents. What the demo shop's customers write stands as they wrote it."""

SILENT_CALLS = {
    "RuntimeError", "ValueError", "AssertionError", "LookupError", "TypeError", "KeyError",
    "Field", "info", "warning", "error", "exception", "debug", "BadDocument", "_answers",
}  # fmt: skip
"""Bugs, log lines and the descriptions of the API."""

DESCRIPTIONS = {"description", "summary", "response_description", "responses"}
_WORD = re.compile(r"\b[^\W\d_]{2,}\b")
_NAMED_PLACE = re.compile(r"\{[a-z_]*\}")


def spoken() -> Iterator[tuple[str, str]]:
    """Each sentence with its place, as a form: `{0}` where a value stands."""
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*.py")):
            inside = path.relative_to(folder)
            if not NOT_FOR_MERCHANTS & {*inside.parts, inside.as_posix()}:
                yield from _spoken_in(path)


def is_piece(form: str, whole: list[str]) -> bool:
    """Whether it is the beginning or the end of something that is put together and known whole."""
    if form.endswith(" "):
        return any(each.startswith(form) for each in whole)
    begun = form.strip().removesuffix("{}.").rstrip(".")
    return (form[0] == " " or form[0].islower()) and any(begun in each for each in whole)


def _spoken_in(path: Path) -> Iterator[tuple[str, str]]:
    for node in _heard(ast.parse(path.read_text())):
        form = _form(node)
        if form and _is_sentence(form):
            yield f"{path.relative_to(ROOT)}:{node.lineno}", form


def _heard(tree: ast.AST) -> Iterator[ast.expr]:
    """Texts, as they are and put together; not those inside what is silent."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr):
            yield node
        elif not _is_silent(node):
            yield from _heard(node)


def _is_silent(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.keyword):
        return node.arg in DESCRIPTIONS
    if isinstance(node, ast.Call):
        return _name(node.func) in SILENT_CALLS
    return isinstance(node, ast.Dict) and any(
        isinstance(key, ast.Constant) and key.value in DESCRIPTIONS for key in node.keys
    )


def _name(function: ast.expr) -> str:
    found: str = getattr(function, "id", "") or getattr(function, "attr", "")
    return found


def _form(given: ast.expr) -> str | None:
    if isinstance(given, ast.Constant):
        return _numbered(given.value) if isinstance(given.value, str) else None
    if not isinstance(given, ast.JoinedStr):
        return None
    parts: list[str] = []
    for part in given.values:
        parts.append(str(part.value) if isinstance(part, ast.Constant) else _place(parts))
    return "".join(parts)


def _numbered(written: str) -> str:
    """`Approved by {who}.` as a form."""
    count = iter(range(99))
    return _NAMED_PLACE.sub(lambda _: f"{{{next(count)}}}", written)


def _place(before: list[str]) -> str:
    number = sum(part.startswith("{") and part[1:-1].isdigit() for part in before)
    return f"{{{number}}}"


def _is_sentence(form: str) -> bool:
    return len(_WORD.findall(form)) > 1 and form.strip()[-1] in ".?!" and "\\" not in form
