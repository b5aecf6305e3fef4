"""How the database finds what it is asked for: by keys, however many runs there are. SQLite has one
writer, so what a claim reads it reads while every other writer waits."""

import pytest

from cartwheel.runs.claims import ClaimedRun, claim_due, claim_resting
from cartwheel.statements import Sql, Transaction
from tests.runs.conftest import Shop

KEYS = ("(workspace_id=? AND id=?)", "(workspace_id=? AND run_id=?)", "(wake_at<?)")


def _asked(claim: str) -> Sql:
    """The statement that claims."""
    claiming: Transaction[list[ClaimedRun]] = claim_due("worker", 1, 256)
    if claim == "resting":
        claiming = claim_resting("worker", 1, 1, ["one", "other"])
    statement = next(claiming)
    assert isinstance(statement, Sql)
    return statement


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("claim", ["due", "resting"])
async def test_a_claim_reads_no_more_than_the_runs_it_claims(shop: Shop, claim: str) -> None:
    """46 ms of the lock for each claim beside 300,000 runs, when it went through the workspace."""
    asked = _asked(claim)
    rows = await shop.database.fetch(Sql("EXPLAIN QUERY PLAN " + asked.text, asked.args))
    plan = [str(row[3]) for row in rows]
    lookups = [line for line in plan if line.split()[1] in {"run", "e", "s"}]
    assert len(lookups) >= 3, plan
    for lookup in lookups:
        assert lookup.startswith("SEARCH "), plan
        assert lookup.endswith(KEYS), plan
