"""What conditions compared, small enough to be kept with every run that asks."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cartwheel.expressions.comparison import Comparison
from cartwheel.expressions.values import TooLong, as_text, is_blank

Json = Any
MOST_COMPARISONS: Final = 20
_MOST_VALUES: Final = 5
_LONGEST: Final = 80


def compared(comparisons: Sequence[Comparison]) -> list[Mapping[str, Json]]:
    """The first comparisons as JSON, for a screen that says them in its reader's language.

    `left` is what stood in the field and `right` what it was compared with, as texts (lists of
    texts, of which the first five are kept); None where there was nothing.
    """
    return [
        {
            "field": each.field,
            "operator": each.operator,
            "left": _small(each.left),
            "right": _small(each.right),
            "holds": each.holds,
            "quantifier": each.quantifier,
        }
        for each in comparisons[:MOST_COMPARISONS]
    ]


def _small(value: object) -> Json:
    if isinstance(value, list):
        return [_small(each) for each in value[:_MOST_VALUES]]
    if is_blank(value):
        return None
    try:
        text = as_text(value)
    except TooLong:
        return "…"
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
