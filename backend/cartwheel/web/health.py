"""Whether this installation works: for load balancers, `cartwheel up`, and Prometheus."""

import time
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from cartwheel.clock import now_ms
from cartwheel.database import Database, database
from cartwheel.errors import Busy, StorageFailing, StorageFull
from cartwheel.pulse import Pulse
from cartwheel.statements import Sql
from cartwheel.web import metrics
from cartwheel.web.metrics import RequestCounts

PROBED_EVERY_SECONDS = 1.0
MOST_COUNTED = 10_000
_DUE = "FROM run WHERE wake_at <= $1 AND lease_until IS NULL"
_WAITING = (
    f"SELECT (SELECT MIN(wake_at) {_DUE}), "  # noqa: S608
    "(SELECT MIN(received_at) FROM event WHERE routed_at IS NULL)"
)
_DEPTH = (
    f"SELECT (SELECT count(*) FROM (SELECT 1 {_DUE} LIMIT $2) AS due), "  # noqa: S608
    "(SELECT count(*) FROM (SELECT 1 FROM event WHERE routed_at IS NULL LIMIT $2) AS new), "
    "(SELECT count(*) FROM (SELECT 1 FROM run WHERE lease_until IS NOT NULL LIMIT $2) AS held)"
)
_STORAGE = {StorageFull.code: "full", StorageFailing.code: "failing"}

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    status: str = "up"


class Ready(BaseModel):
    """The database takes writes; the oldest thing that waits for a worker, in seconds.

    `redis` is `up`, `away` (then everything works, a second later than usual) or `none`.
    """

    status: str = "ready"
    database: str = "up"
    redis: str
    oldest_due_run_seconds: float
    oldest_unrouted_event_seconds: float


class Late(Busy):
    """Runs or events wait for a worker longer than the owner of the installation allows."""

    code = "late"


class Probe:
    """Tries the database at most once a second, however many ask: the question is open to all.

    With `late_after_seconds` (0: never) an installation whose workers do not keep up is not ready.
    What lay there before this process began is given as much time again.
    """

    def __init__(self, book: Database, pulse: Pulse, late_after_seconds: float = 0) -> None:
        self._book, self._pulse, self._late_after = book, pulse, late_after_seconds
        self._tried_at = float("-inf")
        self._began_at = time.monotonic()

    async def ready(self) -> Ready:
        """Raises `Busy` when the database takes no writes, `Late` when nobody does the work."""
        try:
            await self._try_writing()
            found = await self.found()
        except Busy as busy:
            state = _STORAGE.get(busy.code, "away")
            busy.extra |= {"database": state, "redis": self._redis}
            raise
        waited = max(found.oldest_due_run_seconds, found.oldest_unrouted_event_seconds)
        watched = time.monotonic() - self._began_at
        if self._late_after and min(waited, watched) > self._late_after:
            raise Late(
                f"Something has been due for {waited:.0f} seconds: is a worker running?",
                **found.model_dump(exclude={"status"}),
            )
        return found

    async def found(self) -> Ready:
        """What waits in the book. Raises `Busy`."""
        now = now_ms()
        due, unrouted = (await self._book.fetch(Sql(_WAITING, (now,))))[0]
        return Ready(
            redis=self._redis,
            oldest_due_run_seconds=_age_seconds(due, now),
            oldest_unrouted_event_seconds=_age_seconds(unrouted, now),
        )

    @property
    def _redis(self) -> str:
        return {None: "none", True: "up", False: "away"}[self._pulse.redis_answers]

    async def _try_writing(self) -> None:
        if time.monotonic() - self._tried_at > PROBED_EVERY_SECONDS:
            await self._book.prove_storage()
            self._tried_at = time.monotonic()


@router.get("/healthz")
async def healthz() -> Alive:
    """The process is up."""
    return Alive()


@router.get("/readyz")
async def readyz(request: Request) -> Ready:
    """The database can be written, and nothing has waited too long for a worker; 503 otherwise."""
    probe: Probe = request.app.state.probe
    return await probe.ready()


@router.get("/metrics", response_class=PlainTextResponse)
async def read_metrics(
    request: Request, book: Annotated[Database, Depends(database)]
) -> PlainTextResponse:
    """Numbers of every process for Prometheus; open to the machine itself, and to others with an
    API token."""
    pulse: Pulse = request.app.state.pulse
    counts: RequestCounts = request.app.state.counts
    own, *others = await pulse.everybody()
    own = replace(own, counts=(*own.counts, *counts.counts()))
    text = metrics.metrics_text([own, *others], await _shared(request.app.state.probe, book, pulse))
    return PlainTextResponse(text, media_type=metrics.MEDIA_TYPE)


async def _shared(
    probe: Probe, book: Database, pulse: Pulse
) -> dict[str, tuple[str, float | None]]:
    """What the book says, which is the same for every process. A scrape works without it too."""
    try:
        found, depth = await probe.found(), await book.fetch(Sql(_DEPTH, (now_ms(), MOST_COUNTED)))
    except Busy:
        return {"cartwheel_database_up": ("1 while the database answers.", 0.0)}
    due, unrouted, held = depth[0]
    redis = None if pulse.redis_answers is None else float(pulse.redis_answers)
    return {
        "cartwheel_database_up": ("1 while the database answers.", 1.0),
        "cartwheel_redis_up": ("1 while Redis answers.", redis),
        "cartwheel_oldest_due_run_seconds": (
            "How long the oldest due run has been waiting for a worker.",
            found.oldest_due_run_seconds,
        ),
        "cartwheel_oldest_unrouted_event_seconds": (
            "How long the oldest event has been waiting to be routed.",
            found.oldest_unrouted_event_seconds,
        ),
        "cartwheel_due_runs": (f"Runs that wait for a worker, up to {MOST_COUNTED}.", due),
        "cartwheel_unrouted_events": (f"Events not looked at, up to {MOST_COUNTED}.", unrouted),
        "cartwheel_held_runs": (f"Runs that a worker holds, up to {MOST_COUNTED}.", held),
    }


def _age_seconds(since: int | None, now: int) -> float:
    return 0.0 if since is None else max(0, now - since) / 1000
