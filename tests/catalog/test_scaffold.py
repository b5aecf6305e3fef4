"""`cartwheel nodes new`: what it writes works."""

from pathlib import Path

import pytest

from cartwheel.catalog.check import check_catalog
from cartwheel.catalog.manifest import CATEGORY_FOLDERS
from cartwheel.catalog.scaffold import CannotScaffold, scaffold_node
from tests.catalog.conftest import only_type


@pytest.mark.parametrize("category", CATEGORY_FOLDERS.values())
def test_a_new_node_type_passes_the_check(tmp_path: Path, category: str) -> None:
    root = tmp_path / f"new_{category}"
    scaffold_node(category, "brand_new", root)
    assert [str(fault) for fault in check_catalog([root])] == []
    assert only_type(root).name == f"{category}.brand_new"


@pytest.mark.parametrize("category", CATEGORY_FOLDERS.values())
def test_nothing_in_it_is_left_to_be_done(tmp_path: Path, category: str) -> None:
    written = scaffold_node(category, "brand_new", tmp_path / "pack")
    for file in written:
        assert "todo" not in file.read_text().lower()


def test_the_files_written_are_told(tmp_path: Path) -> None:
    written = scaffold_node("action", "brand_new", tmp_path / "pack")
    names = {file.name for file in written}
    assert {"manifest.json", "config.schema.json", "output.schema.json", "icon.svg"} <= names


@pytest.mark.parametrize(
    ("category", "name", "wanted"),
    [
        ("verb", "x_y", "There is no category “verb”"),
        ("action", "Send SMS", "small letters"),
        ("action", "../../etc", "small letters"),
    ],
)
def test_a_wrong_name_is_refused_in_words(
    tmp_path: Path, category: str, name: str, wanted: str
) -> None:
    with pytest.raises(CannotScaffold, match=wanted):
        scaffold_node(category, name, tmp_path)


def test_nothing_is_overwritten(catalogue: Path) -> None:
    with pytest.raises(CannotScaffold, match="is there already"):
        scaffold_node("action", "add_note", catalogue)
