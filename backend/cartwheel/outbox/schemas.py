"""In what shape the outbox is shown."""

from collections.abc import Callable

from pydantic import BaseModel

from cartwheel.clock import rfc3339
from cartwheel.statements import Row


class OutboxItem(BaseModel):
    """A message as its reader would have seen it, and the step that wrote it. `demo`: because
    of an event of the demo shop. `test`: no run wrote it; somebody had it sent to themselves."""

    id: str
    channel: str
    to: str
    subject: str | None
    text: str
    html: str | None
    created_at: str
    run_id: str | None
    node_id: str
    workflow_id: str
    workflow_name: str | None
    demo: bool = False
    test: bool = False


class OutboxPage(BaseModel):
    """Some messages; `next` is the cursor of the page after them."""

    items: list[OutboxItem]
    next: str | None


Opened = Callable[[str, int], str]
"""The token of the link of one who is asked, by approval and number."""


def outbox_item(row: Row, opened: Opened | None) -> OutboxItem:
    """A row of `service.list_messages`. A letter's link opens only with `opened`: until then a
    mark stands in its place, as in the book."""
    names = list(OutboxItem.model_fields)
    *values, approval_id, number = tuple(row)
    fields = dict(zip(names, values, strict=True))
    if approval_id is not None and opened is not None:
        mark = f"~{approval_id}.{number}"
        fields["text"] = fields["text"].replace(mark, opened(approval_id, number))
    return OutboxItem(**{**fields, "created_at": rfc3339(fields["created_at"])})
