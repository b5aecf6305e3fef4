"""Buttons in Slack that were pressed: an answer like any other, once for whoever presses.

Who sent it is proved before this is called (`webhooks/senders.py`).
"""

from cartwheel.approvals import service, slack, store
from cartwheel.approvals.slack import Press
from cartwheel.approvals.store import Answer, Asking
from cartwheel.database import Database
from cartwheel.errors import Conflict, NotFound
from cartwheel.jobs import Bell
from cartwheel.runs.stream import run_news
from cartwheel.statements import Sql


async def take_press(
    book: Database, bell: Bell, workspace_id: int, connection_id: str, press: Press
) -> str | None:
    """Let a press count. Returns why it did not, with who decided what and when.

    Raises `NotFound` for a button of another connection, or of none.
    """
    asking, number = await _find(book, press.secret)
    if (asking.workspace_id, asking.connection_id) != (workspace_id, connection_id):
        raise _unknown()
    service.check_fits(asking, press.decision)
    try:
        answer = Answer(press.decision, press.comment, store.SLACK, press.by)
        done = await service.let_count(book, asking, number, answer)
    except Conflict as late:
        return late.detail
    workflow_id = await _workflow(book, done.asking)
    bell.ring()
    bell.tell(run_news(workspace_id, asking.run_id, workflow_id, "waiting"))
    return None


async def _find(book: Database, secret: str) -> tuple[Asking, int]:
    rows = await book.fetch(store.find_by_link(slack.button_hash(secret)))
    if not rows:
        raise _unknown()
    number, *rest = tuple(rows[0])
    return store.read_asking(rest), int(number)


def _unknown() -> NotFound:
    return NotFound("This button belongs to no question of this connection.")


async def _workflow(book: Database, asking: Asking) -> str:
    rows = await book.fetch(
        Sql(
            "SELECT workflow_id FROM run WHERE workspace_id = $1 AND id = $2",
            (asking.workspace_id, asking.run_id),
        )
    )
    return str(rows[0][0])
