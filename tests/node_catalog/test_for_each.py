"""What the settings of “For each” ask of the engine, which does the repeating."""

from typing import Any

import pytest

from cartwheel.node_sdk import Each
from tests.engine.performing import SCOPE, performed, planned

ITEMS = SCOPE["order"]["line_items"]
AT_ONCE = {"order": "at_once", "parallel": 25}


@pytest.mark.parametrize(
    ("config", "parallel", "on_error"),
    [
        ({}, 1, "stop"),
        (AT_ONCE, 25, "stop"),
        ({**AT_ONCE, "order": "in_order"}, 1, "stop"),
        ({"on_error": "continue"}, 1, "continue"),
    ],
)
def test_order_and_what_an_error_does_are_the_merchants_choice(
    config: dict[str, Any], parallel: int, on_error: str
) -> None:
    found = performed(planned("flow.for_each", {"items": "order.line_items", **config})).result
    assert isinstance(found, Each)
    assert (found.items, found.parallel, found.on_error) == (ITEMS, parallel, on_error)
