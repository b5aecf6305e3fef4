"""What stands in the tree: the files that git knows, or would take."""

import functools
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON_ROOTS = ("backend/cartwheel", "node_catalog", "tests", "migrations", "benchmarks")
SCRIPT_SUFFIXES = {".ts", ".tsx"}
_NO_TEXT = {".png", ".ico", ".woff2", ".lock"}


@functools.cache
def tree_files() -> tuple[Path, ...]:
    """Every file of the checkout except what `.gitignore` names; all files where git is missing."""
    listed = subprocess.run(
        ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return tuple(sorted(path for name in names if name and (path := ROOT / name).is_file()))


def python_files() -> tuple[Path, ...]:
    """The Python files of the product, its node types, its tests."""
    return tuple(file for file in tree_files() if file.suffix == ".py")


def product_files() -> tuple[Path, ...]:
    """The Python files that are installed at a merchant's."""
    return tuple(file for file in python_files() if shown(file).startswith(PYTHON_ROOTS[:2]))


def script_files() -> tuple[Path, ...]:
    """The canvas's TypeScript, without what is generated."""
    return tuple(
        file for file in tree_files() if file.suffix in SCRIPT_SUFFIXES and file.name != "schema.ts"
    )


def text_files() -> tuple[Path, ...]:
    """Files that people write, or that are read by people."""
    return tuple(file for file in tree_files() if file.suffix not in _NO_TEXT)


def shown(path: Path) -> str:
    """A path as people write it: from the top of the tree, with slashes."""
    return path.relative_to(ROOT).as_posix()


def markdown_files() -> tuple[Path, ...]:
    return tuple(file for file in tree_files() if file.suffix == ".md")


def code_words(markdown: str) -> list[str]:
    """What stands between single backticks."""
    fenced = re.sub(r"```.*?```", "", markdown, flags=re.DOTALL)
    return re.findall(r"`([^`\n]+)`", fenced)


def code_blocks(markdown: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", markdown, flags=re.DOTALL)
