"""docs/nodes.md says what the code does."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from cartwheel.catalog.check.forms import ESCAPES, HINTS, TYPES, WIDGETS
from cartwheel.catalog.check.imports import PURE
from cartwheel.catalog.formats import FORMATS
from cartwheel.catalog.request_block import CONVERSIONS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "nodes.md").read_text()


@pytest.mark.parametrize(
    "words",
    [HINTS, WIDGETS, ESCAPES, TYPES, FORMATS, CONVERSIONS, PURE - {"__future__"}],
    ids=["hints", "widgets", "escapes", "types", "formats", "conversions", "imports"],
)
def test_every_word_of_the_contract_is_published(words: Iterable[str]) -> None:
    assert [word for word in sorted(words) if f"`{word}`" not in TEXT] == []
