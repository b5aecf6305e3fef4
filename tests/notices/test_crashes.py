"""A worker that dies while it tells somebody: no letter comes twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cartwheel.statements import Sql
from tests.notices.conftest import Owner
from tests.recovery.installation import Installation
from tests.recovery.provider import Provider
from tests.runs.conftest import until


@pytest.fixture
def installation(
    owner: Owner, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Installation]:
    """Workers of this test, which may reach the owner's mail server."""
    if not owner.database.is_sqlite and not request.config.getoption("--chaos"):
        pytest.skip("on PostgreSQL only with --chaos")
    made = Installation(tmp_path, owner.database, Provider(port=owner.office.port), redis_url="")
    yield made
    made.stop()


async def test_f5_workers_that_die_between_do_not_tell_twice(
    owner: Owner, installation: Installation, request: pytest.FixtureRequest
) -> None:
    """One dies when it has decided, the next when the letter has left and nothing says so."""
    await owner.ended(await owner.workflow(), "failed", "failed", "failed")

    async def statuses() -> list[str]:
        rows = await owner.database.fetch(Sql("SELECT status FROM dispatch WHERE kind = 'notice'"))
        return [row[0] for row in rows]

    points: list[tuple[str, list[str]]] = [
        ("tell.before_commit", []),
        ("tell.after_commit", ["due"]),
        ("end_dispatch.before_commit", ["sending"]),
    ]
    for point, left in points if request.config.getoption("--chaos") else points[1:]:
        await installation.start_worker("w", failpoints=point).died()
        assert await statuses() == left
    assert len(owner.office.letters) == 1
    await owner.merchant.change("UPDATE dispatch SET lease_until = 1 WHERE kind = 'notice'")
    installation.start_worker("w")

    async def is_settled() -> bool:
        return await statuses() == ["unknown"]

    await until(is_settled, seconds=120)
    assert len(owner.office.letters) == 1
