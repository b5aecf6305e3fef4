"""Installations to start, stop and hurt."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import RunningCartwheel


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[RunningCartwheel]:
    """A Cartwheel of the test's own."""
    with RunningCartwheel(tmp_path / "data") as running:
        yield running


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCartwheel]:
    """A Cartwheel that the tests of one file share; none of them ends it."""
    with RunningCartwheel(tmp_path_factory.mktemp("steady") / "data") as running:
        yield running
