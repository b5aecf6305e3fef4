"""In what shape the outbox is shown."""

from pydantic import BaseModel

from cartwheel.clock import rfc3339
from cartwheel.statements import Row


class OutboxItem(BaseModel):
    """A message as its reader would have seen it, and the step that wrote it. `demo`: because
    of an event of the demo shop."""

    id: str
    channel: str
    to: str
    subject: str | None
    text: str
    html: str | None
    created_at: str
    run_id: str
    node_id: str
    workflow_id: str
    workflow_name: str | None
    demo: bool = False


class OutboxPage(BaseModel):
    """Some messages; `next` is the cursor of the page after them."""

    items: list[OutboxItem]
    next: str | None


def outbox_item(row: Row) -> OutboxItem:
    """A row of `service.list_messages`."""
    names = list(OutboxItem.model_fields)
    fields = dict(zip(names, tuple(row), strict=True))
    return OutboxItem(**{**fields, "created_at": rfc3339(fields["created_at"])})
