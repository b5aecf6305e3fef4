"""The order that these tests write and decide about."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

DOCUMENTATION = Path(__file__).resolve().parents[2] / "docs" / "expressions.md"


@pytest.fixture(scope="session")
def documentation() -> str:
    """The published page on texts and conditions."""
    return DOCUMENTATION.read_text(encoding="utf-8")


@pytest.fixture
def scope(documentation: str) -> dict[str, Any]:
    """The order of the published page, a fresh one for every test."""
    found = re.search(r"```json\n(.*?)```", documentation, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data
