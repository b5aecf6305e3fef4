"""Whether this installation works: for load balancers, `cartwheel up`, and Prometheus."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from cartwheel.clock import now_ms
from cartwheel.database import Database, database
from cartwheel.statements import Sql, Transaction
from cartwheel.web import metrics

PROBED_EVERY_SECONDS = 1.0
_OLDEST_DUE = "SELECT MIN(wake_at) FROM run WHERE wake_at <= $1 AND lease_until IS NULL"
_OLDEST_EVENT = "SELECT MIN(received_at) FROM event WHERE routed_at IS NULL"

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    status: str = "up"


class Ready(BaseModel):
    """The database takes writes; the oldest thing that waits for a worker, in seconds."""

    status: str = "ready"
    oldest_due_run_seconds: float
    oldest_unrouted_event_seconds: float


class Probe:
    """Tries the database at most once a second, however many ask: the question is open to all."""

    def __init__(self, book: Database) -> None:
        self._book = book
        self._tried_at = float("-inf")

    async def ready(self) -> Ready:
        """Raises `Busy` when the database takes no writes."""
        if time.monotonic() - self._tried_at > PROBED_EVERY_SECONDS:
            await self._book.run(_write_something())
            self._tried_at = time.monotonic()
        now = now_ms()
        due = await self._book.fetch(Sql(_OLDEST_DUE, (now,)))
        unrouted = await self._book.fetch(Sql(_OLDEST_EVENT))
        return Ready(
            oldest_due_run_seconds=_age_seconds(due[0][0], now),
            oldest_unrouted_event_seconds=_age_seconds(unrouted[0][0], now),
        )


@router.get("/healthz")
async def healthz() -> Alive:
    """The process is up."""
    return Alive()


@router.get("/readyz")
async def readyz(request: Request) -> Ready:
    """The database can be written, and how long the oldest due run has been waiting."""
    probe: Probe = request.app.state.probe
    return await probe.ready()


@router.get("/metrics", response_class=PlainTextResponse)
async def read_metrics(
    request: Request, book: Annotated[Database, Depends(database)]
) -> PlainTextResponse:
    """Numbers for Prometheus; open to the machine itself, and to others with an API token."""
    ready = await Probe(book).ready()
    text = metrics.metrics_text(request.app.state.counts, _gauges(ready, request.app.state.bell))
    return PlainTextResponse(text, media_type=metrics.MEDIA_TYPE)


def _gauges(ready: Ready, bell: Any) -> dict[str, tuple[str, float]]:
    return {
        "cartwheel_oldest_due_run_seconds": (
            "How long the oldest due run has been waiting for a worker.",
            ready.oldest_due_run_seconds,
        ),
        "cartwheel_oldest_unrouted_event_seconds": (
            "How long the oldest event has been waiting to be routed.",
            ready.oldest_unrouted_event_seconds,
        ),
        "cartwheel_bell_reachable": ("1 while Redis answers.", float(bell.reachable)),
    }


def _write_something() -> Transaction[None]:
    """An update that changes nothing is written to the disk all the same."""
    yield Sql("UPDATE workspace SET created_at = created_at WHERE id = 1")


def _age_seconds(since: int | None, now: int) -> float:
    return 0.0 if since is None else max(0, now - since) / 1000
