"""Texts, changed as a whole."""

from collections.abc import Callable, Mapping

from cartwheel.node_sdk import Context, Json

Entry = Mapping[str, Json]


def _shorten(text: str, entry: Entry) -> str:
    longest = int(entry.get("amount", 100))
    return text if len(text) <= longest else text[: max(longest - 1, 0)].rstrip() + "…"


def _replace(text: str, entry: Entry) -> str:
    find = str(entry.get("with") or "")
    return text.replace(find, str(entry.get("by") or "")) if find else text


def _split(text: str, entry: Entry) -> list[str]:
    parts = text.split(str(entry.get("with") or ","))
    return [part.strip() for part in parts if part.strip()]


def _plain(change: Callable[[str], str]) -> Callable[[str, Entry], Json]:
    return lambda text, _: change(text)


_CHANGES: Mapping[str, Callable[[str, Entry], Json]] = {
    "upper": _plain(str.upper),
    "lower": _plain(str.lower),
    "capitalise": _plain(str.capitalize),
    "trim": _plain(str.strip),
    "shorten": _shorten,
    "replace": _replace,
    "split": _split,
}


def _of(change: Callable[[str, Entry], Json]) -> Callable[[Context, Entry], Json]:
    return lambda _, entry: change(str(entry.get("value") or ""), entry)


OPERATIONS = {name: _of(change) for name, change in _CHANGES.items()}
