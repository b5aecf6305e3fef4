"""Death at every commit and at every act outside (F5). The places are listed from the code."""

import ast
import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

import cartwheel
from cartwheel.jobs import BELL_CHANNEL
from tests.recovery.conftest import Activate
from tests.recovery.installation import Installation, Process
from tests.recovery.ledger import Ledger
from tests.recovery.scene import calls, happen, let_go
from tests.runs.conftest import until

SOURCE = Path(cartwheel.__file__).parent
COMMIT_MOMENTS = ("before_commit", "after_commit")

WORKER_COMMITS = (
    "take", "commit_group", "release_leases", "claim_abandoned", "extend_leases", "hand_back",
)  # fmt: skip
API_COMMITS = ("store_arrivals",)
"""Killed at in `test_accepting.py`."""
CALLING_COMMITS = ("call_up",)
"""Killed at in `test_called.py`."""

NOTICE_COMMITS = ("tell",)
"""Killed at in `tests/notices/test_crashes.py`."""

SINGLE_COMMITS = (
    "_call", "_pause", "_end_waits", "_resume", "_revive", "_count", "_create_owner",
    "_forgive", "_see", "_sweep", "_used", "add_sandbox", "begin_sweep", "cancel_runs",
    "fire", "keep_shop", "mark_heard", "move_shop", "note_refused", "note_first_steps", "plan",
    "renew_statistics",
    "release_waiting_runs", "take_counters_away", "take_events_away", "take_messages_away",
    "add_to_tally", "change_batch", "move_on", "take_over_late", "take_runs_away",
    "try_writing",
    "address_letter", "answer", "begin_letter", "drop_letter", "letter_refused", "message_sent",
    "post_to_outbox", "put_off_letter", "show_in_outbox", "take_letters", "tick", "time_out",
    "new_table", "change_table", "write_reshaped", "import_rows", "write_lines", "_delete_table",
    "_put_row", "_drop_row",
    "_begin_code", "begin_proof", "_confirm_address", "_count_guess", "_forget_address",
    "still_there", "set_failures", "set_reader",
    "begin_dispatch", "end_dispatch", "put_off_dispatch", "take_dispatches",
)  # fmt: skip
"""One commit that nothing follows: it happened or it did not, and whoever asked asks again."""

WORKER_POINTS = [
    *(f"{commit}.{moment}" for commit in WORKER_COMMITS for moment in COMMIT_MOMENTS),
    "effect.before_sending",
    "effect.after_answer",
]
RECORD_POINTS = ("records.after_keeping",)
"""Killed at in `test_records.py`."""
SEEN_POINTS = ("store_arrivals.when_seen",)
"""Others see the event, the disk has not got it and nobody was told: in `test_accepting.py`."""

SHORT = ("take.after_commit", "effect.after_answer")


def test_every_commit_and_act_in_the_code_is_listed() -> None:
    listed = {*WORKER_COMMITS, *API_COMMITS, *CALLING_COMMITS, *NOTICE_COMMITS, *SINGLE_COMMITS}
    assert set(_commits()) == listed, "a new commit needs a place in this file's lists"
    named = {f"{place}.{moment}" for place, moment in _named_points()}
    acts = {point for point in WORKER_POINTS if point.startswith("effect")}
    assert named == {*acts, *RECORD_POINTS, *SEEN_POINTS}


def test_failpoints_are_off_unless_asked_for() -> None:
    from cartwheel import failpoints

    assert failpoints.armed == {}


@pytest.mark.one_database
@pytest.mark.parametrize(
    "point",
    [
        pytest.param(point, marks=() if point in SHORT else pytest.mark.chaos_only)
        for point in WORKER_POINTS
    ],
)
async def test_f5_a_worker_that_dies_there_loses_nothing(
    point: str, installation: Installation, activate: Activate, ledger: Ledger, chaos: bool
) -> None:
    runs = 50 if chaos else 20
    await activate(1, on_unknown="send_again")
    await _leave_runs_to_be_rescued(installation, runs // 2)
    await happen(installation, (f"o{number}" for number in range(runs // 2, runs)))
    dying = installation.start_worker("w", failpoints=point)
    if point.startswith("hand_back"):
        await calls(installation, runs)
        dying.send(signal.SIGTERM)
    elif not point.startswith("extend_leases"):
        installation.provider.hold.set()  # type: ignore[union-attr]
    await dying.died()
    installation.fault(point)
    installation.provider.hold = None
    await installation.database.run(let_go())
    installation.start_worker("w")
    ended = await installation.settled(runs)
    assert ended["succeeded"] == runs
    await ledger.check(runs, least={"accept": 2}, keys=runs)


AHEAD_SHORT = ("commit_group.after_commit",)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "point",
    [
        pytest.param(point, marks=() if point in AHEAD_SHORT else pytest.mark.chaos_only)
        for point in ("commit_group.before_commit", "commit_group.after_commit")
    ],
)
async def test_f5_a_worker_that_dies_while_runs_are_ahead_of_their_event_loses_nothing(
    point: str, installation: Installation, activate: Activate, ledger: Ledger, chaos: bool
) -> None:
    """One event after the other, each as young as can be: its run's first commit also routes it."""
    events = 12 if chaos else 1
    await activate(1, on_unknown="send_again")
    for number in range(events):
        dying = installation.start_worker("w", failpoints=point)
        await _happen_at_once(installation, f"o{number}")
        await dying.died()
        installation.fault(point)
        await installation.database.run(let_go())
        healthy = installation.start_worker("w")
        ended = await installation.settled(number + 1)
        healthy.kill()
    assert ended["succeeded"] == events
    await ledger.check(events, least={"accept": 1}, keys=events)


async def _happen_at_once(installation: Installation, order: str) -> None:
    """An order, and the bell that says so to a worker which listens for it."""
    async with Redis.from_url(installation.redis_url) as redis:

        async def is_heard() -> bool:
            return bool((await redis.pubsub_numsub(BELL_CHANNEL))[0][1])

        await until(is_heard, seconds=60)
        await happen(installation, [order])
        await redis.publish(BELL_CHANNEL, b"")


async def _leave_runs_to_be_rescued(installation: Installation, runs: int) -> None:
    installation.provider.hold = asyncio.Event()
    await happen(installation, (f"o{number}" for number in range(runs)))
    first: Process = installation.start_worker("w")
    await calls(installation, runs)
    first.kill()


def _commits() -> Iterator[str]:
    """Transactions that are played by themselves, not only as a part of another one, and that do
    more than ask."""
    made: set[str] = set()
    asked: set[str] = set()
    parts: set[str] = set()
    played: set[str] = set()
    for tree in _trees():
        for found in ast.walk(tree):
            if isinstance(found, ast.FunctionDef) and _is_transaction(found):
                made.add(found.name)
            elif isinstance(found, ast.YieldFrom):
                parts |= _called([found.value])
            elif isinstance(found, ast.Call) and ast.unparse(found.func).endswith(".run"):
                played |= _called(found.args)
            elif isinstance(found, ast.Call) and ast.unparse(found.func).endswith(".ask"):
                asked |= _called(found.args)
    yield from sorted(made - (parts - played) - asked)


def _called(expressions: list[ast.expr]) -> set[str]:
    calls = [each for each in expressions if isinstance(each, ast.Call)]
    return {ast.unparse(call.func).rpartition(".")[2] for call in calls}


def _is_transaction(function: ast.FunctionDef) -> bool:
    return function.returns is not None and "Transaction[" in ast.unparse(function.returns)


def _named_points() -> Iterator[tuple[str, str]]:
    for tree in _trees():
        for found in ast.walk(tree):
            if isinstance(found, ast.Call) and ast.unparse(found.func) == "failpoints.hit":
                place, moment = found.args
                if isinstance(place, ast.Constant) and isinstance(moment, ast.Constant):
                    yield str(place.value), str(moment.value)


def _trees() -> Iterator[ast.Module]:
    for path in SOURCE.rglob("*.py"):
        yield ast.parse(path.read_text())
