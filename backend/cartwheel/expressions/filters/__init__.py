"""Every filter that a text may use. The list is published in `docs/expressions.md`."""

from cartwheel.expressions.filters import arithmetic, encodings, lists, localised, wording
from cartwheel.expressions.filters.filter import Filter, FilterRefusal

_LANGUAGE_COST = 500

FILTERS: dict[str, Filter] = {
    name: Filter.of(name, function)
    for module in (wording, arithmetic, lists, encodings)
    for name, function in module.FUNCTIONS.items()
} | {name: Filter.of(name, call, _LANGUAGE_COST) for name, call in localised.FUNCTIONS.items()}

__all__ = ["FILTERS", "Filter", "FilterRefusal"]
