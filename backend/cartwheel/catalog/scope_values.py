"""One value of a step's scope, as a plain Python value that a handler can compute with."""

from cartwheel.expressions.lookup import MISSING, Scope, parse_path, read
from cartwheel.node_sdk import Json, NodeError


def read_value(scope: Scope, written: str) -> Json:
    """What stands at a path; None where nothing does. Raises `NodeError` for what is no path."""
    path = parse_path(written.strip())
    if path is None:
        raise NodeError(
            f"“{written[:80]}” is not the name of a value.",
            code="bad_setting",
            fix="Choose a value of an earlier step, such as order.line_items.",
        )
    found = read(scope, path)
    return None if found is MISSING else found
