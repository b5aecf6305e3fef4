"""Who is asked, and until when: what the steps that wait for people share."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from cartwheel.node_sdk import Context, Json, NodeError, SettingFault

OWNER = "owner"
LONGEST = timedelta(days=365)
_ADDRESS_FIX = "Write an e-mail address, or “owner” for the owner of this workspace."
_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\"]+")


def addresses(*lists: Json) -> list[str]:
    """Those who are asked, each once, in small letters. Raises `NodeError` for what is nobody."""
    found = different(*lists)
    for given in found:
        if not _is_address(given):
            raise NodeError(_no_address(given), code="bad_address", fix=_ADDRESS_FIX)
    return found


def different(*lists: Json) -> list[str]:
    """What stands in the lists, each once, in small letters and without what is empty."""
    given = (str(each).strip().lower() for several in lists for each in several or ())
    return list(dict.fromkeys(each for each in given if each))


def address_faults(field: str, given: Json) -> Iterator[SettingFault]:
    """What is written as it stands, without a variable, must be somebody already. `field` is the
    pointer of a text or of a list of texts."""
    places = enumerate(given) if isinstance(given, list) else [(None, given)]
    for number, each in places:
        written = str(each or "").strip()
        if written and "{" not in written and not _is_address(written.lower()):
            place = field if number is None else f"{field}/{number}"
            yield SettingFault(place, _no_address(written), _ADDRESS_FIX)


def _is_address(given: str) -> bool:
    return given == OWNER or bool(_ADDRESS.fullmatch(given))


def _no_address(given: str) -> str:
    return f"“{given[:100]}” is no e-mail address, so nobody can be asked there."


def span(config: Mapping[str, Json], name: str = "", default: int = 0) -> timedelta:
    """The time that two settings say together: `amount` and `unit`, `remind_amount` and so on."""
    unit = str(config.get(f"{name}unit", "hours" if name == "remind_" else "days"))
    return timedelta(**{unit: int(config.get(f"{name}amount", default))})


def counted(config: Mapping[str, Json]) -> tuple[int, str]:
    """How long, for a sentence: (3, "days"), (1, "hour")."""
    amount, unit = int(config.get("amount", 3)), str(config.get("unit", "days"))
    return amount, unit.removesuffix("s") if amount == 1 else unit


def reminder_at(ctx: Context, config: Mapping[str, Json], due: datetime) -> str | None:
    """When the reminder leaves; None where there is none, or its time has passed already."""
    before = span(config, "remind_")
    moment = due - before
    return moment.isoformat() if before and moment > ctx.now else None


def names(people: Iterable[str]) -> str:
    """“anna@shop.example, ben@shop.example”; the owner is called so."""
    return ", ".join("the owner" if each == OWNER else each for each in people)


def deadline_faults(config: Mapping[str, Json]) -> Iterator[SettingFault]:
    """A deadline that nobody could keep, and a reminder that would come after it."""
    whole = span(config, default=3)
    if config.get("escalate_to"):
        whole += span(config, "escalate_", 1)
    if whole > LONGEST:
        yield SettingFault(
            "/amount",
            "This step would wait longer than a year, and nothing waits longer than that.",
            "Choose a shorter time.",
            "deadline_impossible",
        )
    if span(config, "remind_") >= span(config, default=3):
        yield SettingFault(
            "/remind_amount",
            "The reminder would leave before anybody was asked: it lies further from the deadline "
            "than the beginning.",
            "Remind a shorter time before the deadline, or give people more time.",
            "reminder_impossible",
        )
