"""What the house's tests need of pytest."""

import pytest
from schemathesis.pytest.plugin import SchemathesisFunction


def pytest_itemcollected(item: pytest.Item) -> None:
    """Schemathesis gives all operations one node id; of those, two processes would run one."""
    if isinstance(item, SchemathesisFunction) and item.id.params is None:
        item._id = item.id.with_params(item.operation_label)
