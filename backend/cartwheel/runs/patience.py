"""When a step that could not act tries again, and when it gives up. Pure.

Tries are few and planned by the node type. What is nobody's failure costs none: a pause that the
provider asks for, the turn of a connection with a pace, a connection that is being mended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cartwheel.catalog.node_type import NodeType, RetryPlan
from cartwheel.clock import from_ms, to_ms
from cartwheel.node_sdk import Json, NodeError, RetryLater
from cartwheel.runs.tokens import OUTCOME_UNKNOWN, Failure, Postponed, Token

KEYED, LOOKUP = "keyed", "lookup"
LONGEST_PAUSES = timedelta(days=3)
"""A provider that asks for pauses longer than this, one after the other, is given up on."""

PLAIN_PAUSE_SECONDS = 30.0
PAUSES_AS_ASKED = 10
"""After so many pauses in a row each is at least twice as long as the one before, up to an hour."""

LONGEST_GROWN_PAUSE = timedelta(hours=1)


class StillInDoubt(RetryLater):
    """Nobody knows yet whether the act happened; it may be repeated or asked about later."""


class PutOff(Exception):
    """Nothing was tried, and no try is spent: it is not the moment.

    `note` is kept with the token: `{"connection": id, "name": name}` while one is being mended.
    """

    def __init__(
        self, until: datetime, message: str, note: Mapping[str, Json] | None = None
    ) -> None:
        super().__init__(message)
        self.until, self.message, self.note = until, message, note or {}

    @property
    def postponed(self) -> Postponed:
        return Postponed(self.until, self.message, spends=False, note=self.note)


@dataclass(frozen=True, slots=True)
class Pauses:
    """The pauses in a row that a step was asked to make: since when (ms), and how many."""

    since: int
    times: int = 0

    @classmethod
    def of(cls, token: Token, now: datetime) -> "Pauses":
        noted = (token.wait or {}).get("pauses")
        return cls(**noted) if noted else cls(to_ms(now))

    @property
    def least(self) -> timedelta:
        """The shortest wait that may come next."""
        grown = self.times - PAUSES_AS_ASKED
        return min(timedelta(seconds=2 ** min(grown, 12)), LONGEST_GROWN_PAUSE) if grown > 0 else _0

    def over(self, now: datetime) -> bool:
        return now - from_ms(self.since) > LONGEST_PAUSES

    def note(self) -> dict[str, Json]:
        """As the token keeps them, this one counted."""
        return {"pauses": {"since": self.since, "times": self.times + 1}}


_0 = timedelta(0)


def put_off(
    error: RetryLater, plan: RetryPlan, token: Token, now: datetime, spread: float
) -> Failure | Postponed:
    """The next attempt, as the provider asks or as the node type plans it, if there is one.

    `spread` is a little more than 1 and different for each step, so that a crowd does not come back
    at the same moment.
    """
    if error.pause or error.after is not None:
        return _paused(error, plan, token, now, spread)
    delays = plan.delays_seconds
    if token.attempt >= len(delays):
        return _gave_up(error, token)
    wait = timedelta(seconds=delays[token.attempt])
    return Postponed(now + wait * spread, error.message)


def _paused(
    error: RetryLater, plan: RetryPlan, token: Token, now: datetime, spread: float
) -> Failure | Postponed:
    pauses = Pauses.of(token, now)
    if pauses.over(now):
        return _gave_up(error, token)
    delays = plan.delays_seconds or (PLAIN_PAUSE_SECONDS,)
    planned = timedelta(seconds=delays[min(pauses.times, len(delays) - 1)])
    wait = max(planned if error.after is None else error.after, pauses.least)
    return Postponed(now + wait * spread, error.message, spends=False, note=pauses.note())


def _gave_up(error: RetryLater, token: Token) -> Failure:
    tries = f" Tried {token.attempt + 1} times." if token.attempt else ""
    if isinstance(error, StillInDoubt):
        return Failure(OUTCOME_UNKNOWN, f"{error.message}{tries}", _FIX_UNKNOWN)
    return Failure("gave_up", f"{error.message}{tries}", "Retry the run later.")


# --- nobody knows ---

_FIX_UNKNOWN = (
    "Look at the other side. If it did not arrive, retry the run and choose to send again."
)


def after_doubt(
    delivery: str, message: str, *, send_again: bool = False
) -> StillInDoubt | NodeError:
    """What follows where an act may have happened and no answer tells.

    `send_again`: the merchant would rather have it twice than not at all.
    """
    if delivery in {KEYED, LOOKUP} or send_again:
        return StillInDoubt(message)
    return unknown(message)


def key_counts(node_type: NodeType | None, started_at: int, now: datetime) -> bool:
    """Whether a keyed provider remembers the key of an act whose first try was at `started_at`."""
    hours = node_type.key_hours if node_type else None
    return hours is None or now - from_ms(started_at) < timedelta(hours=hours)


def unknown(why: str = "") -> NodeError:
    """The failure of a step whose act nobody can know the end of."""
    reason = f" {why}" if why else ""
    return NodeError(
        f"Nobody can tell whether this was done.{reason}", code=OUTCOME_UNKNOWN, fix=_FIX_UNKNOWN
    )
