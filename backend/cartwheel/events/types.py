"""Names of kinds of events."""

import re

LONGEST_TYPE = 100
TYPE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.:/-]*$"
RESERVED = ("cartwheel.", "shopify.", "woocommerce.")
"""What only we, or a shop with its signature, may report."""
MANUAL = "manual"
_TYPE = re.compile(TYPE_PATTERN)


def type_fault(name: str) -> str | None:
    """Why a program may not report an event of this name, as a sentence; None when it may."""
    if not name or len(name) > LONGEST_TYPE:
        return f"The name of an event has 1 to {LONGEST_TYPE} characters."
    if not _TYPE.fullmatch(name):
        return (
            "The name of an event has only letters, digits, dots, slashes, colons, hyphens and "
            "underscores, and begins with a letter or a digit. Example: loyalty.points_earned."
        )
    if name == MANUAL or name.startswith(RESERVED):
        return f"“{name}” is reserved: such events come from elsewhere. Choose another name."
    return None


def told_by(source: str, name: str | None, topic: str) -> str:
    """The type of what a signed sender told: our own word where it has one, else its topic."""
    if name is not None and type_fault(name) is None:
        return name
    return f"{source}.{topic}"[:LONGEST_TYPE]
