"""The books at the end of a fault: one line of JSON, and invariant I.

Invariant I: nothing accepted is lost, every act has one key, nothing is left in anybody's hands.
A run that met fewer faults than it promises proves nothing, so it fails too.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from cartwheel.statements import Sql
from tests.recovery.installation import Installation

Json = Any


class RedBooks(AssertionError):
    """The books do not balance; `wrong` says where."""

    def __init__(self, wrong: Sequence[str], line: Mapping[str, Json]) -> None:
        super().__init__(f"{', '.join(wrong)}: {line}")
        self.wrong = wrong


class Ledger:
    """Reads the books of one installation, for the test of this name."""

    def __init__(self, test: str, installation: Installation) -> None:
        self._test, self._installation = test, installation

    async def check(
        self,
        accepted: int,
        *,
        least: Mapping[str, int],
        keys: int | None = None,
        most_repeats: float | None = None,
        **more: Json,
    ) -> Mapping[str, Json]:
        """Print the line and hold it to invariant I; returns it. Raises `RedBooks`.

        `least` are the fewest faults for each phase, `keys` how many acts there must have been,
        `most_repeats` the largest share of calls that only repeated one; `more` joins the line.
        """
        line = {**await self._line(accepted), **more}
        print(json.dumps(line))
        wrong = _wrong(line, keys, most_repeats) + self._few(least)
        if wrong:
            raise RedBooks(wrong, line)
        return line

    def _few(self, least: Mapping[str, int]) -> list[str]:
        faults = self._installation.faults
        return [
            f"too few faults in {phase}"
            for phase, number in least.items()
            if sum(faults.get(phase, {}).values()) < number
        ]

    async def _line(self, accepted: int) -> dict[str, Json]:
        here = self._installation
        here.weigh()
        ended: Counter[str] = await here.statuses()
        runs, distinct = sum(ended.values()), len(here.provider.calls)
        return {
            "test": self._test,
            "faults": {phase: dict(found) for phase, found in here.faults.items() if found},
            "accepted": accepted,
            "refused": dict(here.refusals),
            "runs": runs,
            "ended": dict(ended),
            "calls": here.provider.total,
            "distinct": distinct,
            "repeats": here.provider.total - distinct,
            "lost": accepted - runs,
            "unrouted": await here.count("event WHERE routed_at IS NULL"),
            "held": await here.count("run WHERE lease_until IS NOT NULL"),
            "accept_ms": percentiles(here.answer_ms),
            "trigger_to_end_ms": percentiles(await self._journeys_ms()),
            "rss_mib": dict(here.rss_mib),
        }

    async def _journeys_ms(self) -> list[float]:
        """From an event's arrival to its run's end, as the book has it."""
        rows = await self._installation.database.fetch(
            Sql(
                "SELECT run.finished_at - event.received_at FROM run JOIN event "
                "ON event.workspace_id = run.workspace_id AND event.id = run.event_id "
                "WHERE run.finished_at IS NOT NULL"
            )
        )
        return [row[0] for row in rows]


def _wrong(line: Mapping[str, Json], keys: int | None, most_repeats: float | None) -> list[str]:
    """What does not balance, by name."""
    checks = {
        "lost": line["lost"] > 0 or line["unrouted"] > 0,
        "run twice": line["lost"] < 0,
        "held": line["held"] > 0,
        "acts": keys is not None and line["distinct"] != keys,
        "repeats": most_repeats is not None and line["repeats"] > most_repeats * line["calls"],
    }
    return [name for name, is_wrong in checks.items() if is_wrong]


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99 and the largest; nothing of nothing."""
    if not values:
        return {}
    ordered = sorted(values)
    places = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {
        name: round(ordered[min(int(share * len(ordered)), len(ordered) - 1)], 1)
        for name, share in places.items()
    }
