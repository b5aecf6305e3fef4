"""The worker process: moves runs, wherever they stand, until it is told to stop.

The loop that moves runs stands on its own feet. Redis only tells it when to look, so everything
about Redis here may fail and come back without a run noticing.
"""

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack

from cartwheel.accounts.link_secrets import LinkSecrets
from cartwheel.approvals.tasks import Postman
from cartwheel.batches.tasks import move_batches
from cartwheel.catalog.registry import load_registry
from cartwheel.connections.open import OpenConnections
from cartwheel.connections.vault import Vault, load_secret_key
from cartwheel.database import Database
from cartwheel.demo.tasks import keep_shops_open
from cartwheel.errors import Busy
from cartwheel.jobs import Bell, answer_jobs, listen_for_bell
from cartwheel.notices.tasks import Watch
from cartwheel.outbound.guard import AddressGuard
from cartwheel.outbound.http import HttpClient
from cartwheel.proofs.codes import OwnCodes
from cartwheel.proofs.tasks import OwnPost
from cartwheel.pulse import Pulse
from cartwheel.rounds import go_rounds
from cartwheel.runs.claims import release_leases
from cartwheel.runs.driver import RunDriver
from cartwheel.runs.field_words import teach_words
from cartwheel.runs.lines import look_after_lines
from cartwheel.runs.plans import Plans
from cartwheel.runs.tasks import BUSY_WAIT_SECONDS, RunLoop
from cartwheel.runs.transport import WayOut
from cartwheel.schedules.tasks import watch_the_clock
from cartwheel.settings import Settings
from cartwheel.upkeep.statistics import keep_statistics
from cartwheel.upkeep.sweeping import sweep_for_ever

DEAD_WORKER = "CARTWHEEL_DEAD_WORKER"
"""The environment variable in which the supervisor names the worker it saw die."""

POST_EVERY_SECONDS = 1.0
TROUBLES_EVERY_SECONDS = 60.0
_log = logging.getLogger(__name__)


async def serve(
    settings: Settings,
    stop: asyncio.Event,
    worker: str | None = None,
    started: Callable[[], None] = lambda: None,
) -> None:
    """Work until `stop` is set; `started` is called once. The database's schema must be there."""
    async with AsyncExitStack() as stack:
        database = await Database.open(settings.database_url)
        stack.push_async_callback(database.close)
        await _release_the_dead(database)
        bell = Bell(settings.redis_url)
        stack.push_async_callback(bell.close)
        way_out = await _way_out(settings, database, stack)
        driver = RunDriver(database, Plans(database, way_out.registry), bell, way_out)
        stack.push_async_callback(driver.close)
        loop = RunLoop(
            database,
            driver.drive,
            worker=worker,
            called=way_out.called,
            most_bytes=settings.bytes_in_hand,
        )
        listeners = [*_listen(settings, loop), *_makers_of_events(database, bell, loop)]
        listeners += _write_to_people(settings, database, way_out)
        listeners.append(asyncio.create_task(sweep_for_ever(database), name="retention"))
        listeners.append(asyncio.create_task(keep_statistics(database), name="statistics"))
        stack.push_async_callback(driver.counter.write, database)
        counting = driver.counter.write_for_ever(database)
        listeners.append(asyncio.create_task(counting, name="numbers"))
        pulse = Pulse("worker", settings.redis_url, lambda: {"cartwheel_runs_in_hand": loop.moving})
        stack.push_async_callback(pulse.close)
        pulse.start()
        started()
        try:
            await _until(stop, loop)
        finally:
            for listener in listeners:
                listener.cancel()
            await asyncio.gather(*listeners, return_exceptions=True)


async def _way_out(settings: Settings, database: Database, stack: AsyncExitStack) -> WayOut:
    guard = AddressGuard(settings.allow_private)
    client = await stack.enter_async_context(HttpClient(guard))
    registry = load_registry()
    vault = Vault(load_secret_key(settings))
    return WayOut(client, OpenConnections(database, vault, registry, guard), registry)


async def _release_the_dead(database: Database) -> None:
    """What a worker held that died is claimable at once instead of when its leases end.

    A book that is locked or away just now is waited for, as everywhere in a worker.
    """
    dead = os.environ.get(DEAD_WORKER)
    while dead:
        try:
            released = await database.run(release_leases(dead))
        except Busy as error:
            _log.warning("the database is busy: %s", error.detail)
            await asyncio.sleep(BUSY_WAIT_SECONDS)
            continue
        if released:
            _log.info("released %d runs of a worker that died", released)
        return


def _listen(settings: Settings, loop: RunLoop) -> list[asyncio.Task[None]]:
    if settings.redis_url is None:
        return []
    return [
        asyncio.create_task(listen_for_bell(settings.redis_url, loop.look), name="fast-bell"),
        asyncio.create_task(answer_jobs(settings.redis_url, loop.look), name="arq"),
    ]


def _makers_of_events(database: Database, bell: Bell, loop: RunLoop) -> list[asyncio.Task[None]]:
    def ring() -> None:
        bell.ring()
        loop.look()

    return [
        asyncio.create_task(keep_shops_open(database, ring), name="demo-shop"),
        asyncio.create_task(watch_the_clock(database, ring), name="calendar"),
        asyncio.create_task(move_batches(database, ring), name="batches"),
        asyncio.create_task(look_after_lines(database, ring), name="lines"),
    ]


def _write_to_people(
    settings: Settings, database: Database, way_out: WayOut
) -> list[asyncio.Task[None]]:
    key, base_url = load_secret_key(settings), settings.base_url
    postman = Postman(database, way_out, LinkSecrets(key), base_url)
    own_post = OwnPost(database, way_out, OwnCodes(key))
    teach_words()  # What stopped a run is told in the reader's language.
    watch = Watch(database, way_out.registry, base_url)
    rounds = (
        go_rounds(postman.deliver_due, POST_EVERY_SECONDS, "the postman"),
        go_rounds(own_post.deliver_due, POST_EVERY_SECONDS, "the workspace's own post"),
        go_rounds(watch.look, TROUBLES_EVERY_SECONDS, "the watch for troubles"),
    )
    return [asyncio.create_task(each, name="post") for each in rounds]


async def _until(stop: asyncio.Event, loop: RunLoop) -> None:
    async def stop_loop() -> None:
        await stop.wait()
        loop.stop()

    stopper = asyncio.create_task(stop_loop(), name="stopper")
    try:
        await loop.serve()
    finally:
        stopper.cancel()


async def run_until_signalled(
    settings: Settings, worker: str | None = None, started: Callable[[], None] = lambda: None
) -> None:
    """`serve` until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    running = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        running.add_signal_handler(number, stop.set)
    await serve(settings, stop, worker, started)
