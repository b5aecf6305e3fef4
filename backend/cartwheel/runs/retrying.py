"""Retrying many failed runs at once, each as if it had been retried by hand."""

from dataclasses import replace

from cartwheel.database import Database
from cartwheel.errors import Conflict
from cartwheel.runs.revival import retry_run
from cartwheel.runs.schemas import RetriedAll
from cartwheel.runs.service import RunFilter, find_run_ids
from cartwheel.runs.tokens import OUTCOME_UNKNOWN, RunStatus

MOST_AT_ONCE = 200
"""Runs retried in one request: a few seconds at most; the answer says where to go on."""


async def retry_all(
    database: Database, workspace_id: int, wanted: RunFilter, after: str | None
) -> RetriedAll:
    """Let failed runs go on, oldest first.

    One whose outcome nobody knows stays as it is: whether to send again is asked run by run. One
    that somebody else retried meanwhile is passed over.
    """
    failed = replace(wanted, status=RunStatus.FAILED.value, after=after)
    ids = await find_run_ids(database, workspace_id, failed, MOST_AT_ONCE + 1)
    retried = asking = 0
    for run_id in ids[:MOST_AT_ONCE]:
        try:
            await retry_run(database, workspace_id, run_id)
        except Conflict as refusal:
            asking += refusal.code == OUTCOME_UNKNOWN
        else:
            retried += 1
    more = len(ids) > MOST_AT_ONCE
    return RetriedAll(retried=retried, asking=asking, next=ids[MOST_AT_ONCE - 1] if more else None)
