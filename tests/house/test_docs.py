"""What the documents say is true: links, files, commands, settings."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from cartwheel.cli import parser
from tests.house.tree import (
    ROOT,
    code_blocks,
    code_words,
    markdown_files,
    product_files,
    python_files,
    shown,
    tree_files,
)

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_SETTING = re.compile(r"\bCARTWHEEL_[A-Z_]+\b")
_TREE_PREFIXES = (
    "backend/",
    "benchmarks/",
    "docs/",
    "examples/",
    "frontend/",
    "migrations/",
    "node_catalog/",
    "tests/",
)
INTERNAL_SETTINGS = {
    "CARTWHEEL_DEAD_WORKER": "the supervisor tells a worker",
    "CARTWHEEL_DEV_API": "vite's development server",
    "CARTWHEEL_FAILPOINTS": "tests that kill processes",
}


@pytest.mark.parametrize("file", markdown_files(), ids=shown)
def test_every_link_leads_somewhere(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    broken = [
        link
        for link in _LINK.findall(text)
        if not link.startswith(("http://", "https://", "#", "mailto:"))
        and not (file.parent / unquote(link.partition("#")[0])).exists()
    ]

    assert broken == []


def test_decisions_are_numbered_once() -> None:
    numbers = [file.name[:4] for file in (ROOT / "docs" / "decisions").glob("*.md")]

    assert all(number.isdigit() for number in numbers)
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"])
def test_every_file_that_is_named_exists(name: str) -> None:
    words = code_words((ROOT / name).read_text(encoding="utf-8"))
    paths = [
        word for word in words if word.startswith(_TREE_PREFIXES) and not set(word) & set("<…{")
    ]
    missing = [path for path in paths if not any(ROOT.glob(path.rstrip("/")))]

    assert paths
    assert missing == []


def cartwheel_commands() -> list[list[str]]:
    """Every `cartwheel …` that a document shows, as words."""
    shown_commands = []
    for file in markdown_files():
        text = file.read_text(encoding="utf-8")
        blocks = "\n".join([*code_blocks(text, "sh"), *code_blocks(text, "console")])
        for line in (*blocks.splitlines(), *code_words(text)):
            found = re.search(r"(?:^|\brun |&& )cartwheel ((?:[a-z][a-z-]*\b *)+)", line)
            if found:
                shown_commands.append(found[1].split())
    return shown_commands


def test_every_command_that_is_shown_exists() -> None:
    known = _commands()
    unknown = [" ".join(words) for words in cartwheel_commands() if not _is_known(words, known)]

    assert cartwheel_commands()
    assert unknown == []


def _is_known(words: list[str], known: dict[str, set[str]]) -> bool:
    first, *rest = words
    if first not in known:
        return False
    return not known[first] or not rest or rest[0] in known[first]


def _commands() -> dict[str, set[str]]:
    """Commands, and the actions of those that have some."""
    return {name: _actions(each) for name, each in _choices(parser()).items()}


def _actions(given: object) -> set[str]:
    return set(_choices(given))


def _choices(given: object) -> dict[str, object]:
    actions = getattr(given, "_actions", ())
    found = [action.choices for action in actions if isinstance(action.choices, dict)]
    return dict(found[0]) if found else {}


def test_every_setting_is_in_the_readme() -> None:
    used = {
        name for file in product_files() for name in _SETTING.findall(file.read_text("utf-8"))
    } - set(INTERNAL_SETTINGS)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert used <= set(_SETTING.findall(readme))


def test_every_setting_in_the_readme_is_read_somewhere() -> None:
    sources = (*python_files(), ROOT / "frontend" / "vite.config.ts")
    used = {name for file in sources for name in _SETTING.findall(file.read_text("utf-8"))}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert set(_SETTING.findall(readme)) <= used


def test_the_readme_shows_the_example_that_is_tested() -> None:
    shown_code = code_blocks((ROOT / "README.md").read_text("utf-8"), "python")

    assert (ROOT / "examples" / "first_flow.py").read_text("utf-8") in shown_code


def test_contributing_names_ten_changes() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!---|You want)(.+?) \|", text, flags=re.MULTILINE)

    assert len(rows) >= 10


def test_every_file_of_the_tree_has_a_name_that_every_system_can_hold() -> None:
    lowered: dict[str, str] = {}
    clashes = []
    for file in tree_files():
        other = lowered.setdefault(shown(file).lower(), shown(file))
        if other != shown(file):
            clashes.append((other, shown(file)))

    assert clashes == []
