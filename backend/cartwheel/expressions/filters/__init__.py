"""Every filter that a text may use. The list is published in `docs/expressions.md`."""

from cartwheel.expressions.filters import arithmetic, encodings, lists, localised, wording
from cartwheel.expressions.filters.filter import Filter, FilterRefusal

FILTERS: dict[str, Filter] = {
    name: Filter.of(name, function)
    for functions in (
        wording.FUNCTIONS,
        arithmetic.FUNCTIONS,
        lists.FUNCTIONS,
        localised.FUNCTIONS,
        encodings.FUNCTIONS,
    )
    for name, function in functions.items()
}

__all__ = ["FILTERS", "Filter", "FilterRefusal"]
