"""What the house's tests need of pytest."""

import pytest
from hypothesis import settings
from schemathesis.pytest.plugin import SchemathesisFunction

API = "api"
"""Hypothesis' profile for every operation of the API, beside the cases that its schema names."""


def pytest_configure(config: pytest.Config) -> None:
    settings.register_profile(API, max_examples=100 if config.getoption("--chaos") else 20)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Schemathesis gives all operations one node id; of those, two processes would run one."""
    if isinstance(item, SchemathesisFunction) and "[" not in item.nodeid:
        item._nodeid = f"{item.nodeid}[{item.operation_label}]"
