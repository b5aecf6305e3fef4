"""What a group of writes leaves in the book."""

from cartwheel.runs.rows import EffectRow, RunRow, RunWrite
from cartwheel.runs.store import commit_group
from cartwheel.statements import Sql, Transaction
from tests.runs.conftest import START, Shop, chain


def move(fence: int, next_token: int, *effects: EffectRow, release: bool = False) -> RunWrite:
    run = RunRow("running", 5, None, next_token, next_token, release=release)
    return RunWrite(1, "r", fence, run, effects=effects)


def act(status: str, attempts: int = 1) -> EffectRow:
    return EffectRow(
        "e", "call", "", 0, "plain", status, None, "{}", f'"{status}"', attempts, 1, None
    )


def _insert(event_id: str) -> Transaction[None]:
    yield Sql(
        "INSERT INTO run (workspace_id, id, workflow_id, version, event_id, subject, status, "
        "created_at, wake_at, lease_by, lease_until, fence, crashes, next_token, step_count) "
        "SELECT 1, 'r', workflow_id, 1, $1, '', 'running', 1, 1, 'w', 99, 3, 0, 1, 0 "
        "FROM workflow_version",
        (event_id,),
    )


async def held_run(shop: Shop) -> None:
    """Run `r`, claimed with fence 3."""
    await shop.activate(chain(START))
    await shop.database.run(_insert(await shop.happen()))


async def effect(shop: Shop) -> tuple[str, int]:
    rows = await shop.database.fetch(Sql("SELECT status, attempts FROM effect"))
    return rows[0][0], rows[0][1]


async def test_of_two_writes_of_one_run_in_a_group_the_later_one_stands(shop: Shop) -> None:
    await held_run(shop)
    group = [move(3, number) for number in (4, 5, 6, 7)]
    assert await shop.database.run(commit_group(group)) == [True] * 4
    rows = await shop.database.fetch(Sql("SELECT next_token, lease_by FROM run"))
    assert tuple(rows[0]) == (7, "w")


async def test_an_old_fence_is_refused_beside_the_new_one(shop: Shop) -> None:
    await held_run(shop)
    group = [move(2, 9), move(3, 4, release=True), move(2, 8)]
    assert await shop.database.run(commit_group(group)) == [False, True, False]
    rows = await shop.database.fetch(Sql("SELECT next_token, lease_by FROM run"))
    assert tuple(rows[0]) == (4, None)


async def test_what_was_sent_stays_sent_whoever_says_otherwise(shop: Shop) -> None:
    await held_run(shop)
    await shop.database.run(commit_group([move(3, 2, act("sending"))]))
    await shop.database.run(commit_group([move(2, 2, act("sent"))]))
    await shop.database.run(commit_group([move(2, 2, act("unknown"))]))
    assert await effect(shop) == ("sent", 1)


async def test_a_failed_attempt_says_nothing_about_a_later_one(shop: Shop) -> None:
    await held_run(shop)
    await shop.database.run(commit_group([move(3, 2, act("sending", attempts=2))]))
    await shop.database.run(commit_group([move(2, 2, act("refused", attempts=1))]))
    assert await effect(shop) == ("sending", 2)
