"""The sentences that the code says to people, read from the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "backend/cartwheel", ROOT / "node_catalog")
NOT_FOR_MERCHANTS = {"commands", "supervision", "check", "scaffold.py", "sketches.py", "upkeep"}
"""These speak to whoever runs the server or writes node types: in English, like their documents."""

SPEAKERS = {
    "Conflict", "Forbidden", "Invalid", "NotFound", "Problem", "TooLarge", "Unauthorized",
    "NodeError", "RetryLater", "InDoubt", "Failure", "GraphProblem", "RuleProblem",
    "TemplateError", "HappeningReason", "ConfigFault", "SettingFault",
}  # fmt: skip
SPOKEN = {"message", "fix", "words", "detail"}
FIRST_IS_CODE = {"Failure", "GraphProblem"}


def spoken() -> Iterator[tuple[str, str]]:
    """Each sentence with its place, as a form: `{0}` where a value stands."""
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*.py")):
            if not NOT_FOR_MERCHANTS & set(path.relative_to(folder).parts):
                yield from _spoken_in(path)


def _spoken_in(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        speaks = _name(node.func) in SPEAKERS
        given = list(node.args) if speaks else []
        given += [each.value for each in node.keywords if each.arg in SPOKEN]
        for argument in given:
            for part in _branches(argument):
                form = _form(part)
                if form and _is_sentence(form):
                    yield f"{path.relative_to(ROOT)}:{part.lineno}", form


def _name(function: ast.expr) -> str:
    found: str = getattr(function, "id", "") or getattr(function, "attr", "")
    return found


def _branches(given: ast.expr) -> list[ast.expr]:
    return [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]


def _form(given: ast.expr) -> str | None:
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        return given.value
    if not isinstance(given, ast.JoinedStr):
        return None
    parts: list[str] = []
    for part in given.values:
        parts.append(str(part.value) if isinstance(part, ast.Constant) else _place(parts))
    return "".join(parts)


def _place(before: list[str]) -> str:
    number = sum(part.startswith("{") and part[1:-1].isdigit() for part in before)
    return f"{{{number}}}"


def _is_sentence(form: str) -> bool:
    return " " in form.strip() and form.strip()[-1] in ".?!"
