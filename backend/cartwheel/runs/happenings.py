"""What happened to order #1042: events, the runs that they started, and why others started none."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from cartwheel.clock import rfc3339
from cartwheel.database import Database
from cartwheel.events.models import Event
from cartwheel.runs.kept_out import kept_out
from cartwheel.runs.limits import DEEPEST_LINEAGE
from cartwheel.runs.models import Run, Step
from cartwheel.runs.schemas import Happening, HappeningPage, HappeningReason, HappeningRun, KeptOut
from cartwheel.runs.service import matches
from cartwheel.workflows.models import Activation, Workflow

_NOT_ROUTED = HappeningReason(
    code="not_routed", message="It has only just come in and is being handed to your workflows."
)
_DUPLICATE = HappeningReason(
    code="duplicate",
    message="It came with the id of an earlier event but with other content, so it was kept and "
    "started nothing.",
)
_TOO_DEEP = HappeningReason(
    code="too_deep",
    message="It was set off by a long chain of workflows that set each other off; the chain was "
    "stopped here.",
)
_NO_WORKFLOW = HappeningReason(
    code="no_workflow", message="No workflow that has ever been switched on starts with it."
)

_KEPT_OUT = HappeningReason(
    code="kept_out", message="It did not qualify for the workflows that start with it."
)


async def list_happenings(
    database: Database, workspace_id: int, search: str, cursor: str | None, limit: int
) -> HappeningPage:
    """Events that match, newest first, with what came of each. The cursor is an event's id."""
    query = select(Event).where(
        Event.workspace_id == workspace_id,
        or_(
            matches(search, Event.label, Event.contact, Event.external_id), col(Event.id) == search
        ),
    )
    if cursor:
        query = query.where(col(Event.id) < cursor)
    async with database.read() as session:
        found = (await session.exec(query.order_by(col(Event.id).desc()).limit(limit + 1))).all()
        page = found[:limit]
        runs = await _runs_of(session, workspace_id, [event.id for event in page])
        idle = {event.type for event in page if event.id not in runs}
        activations = await _activations(session, workspace_id, idle)
        started = {(event_id, run.workflow_id) for event_id in runs for run in runs[event_id]}
        out = await kept_out(session, workspace_id, page, started)
    items = [
        _happening(event, runs.get(event.id, []), activations, out.get(event.id, []))
        for event in page
    ]
    return HappeningPage(items=items, next=page[-1].id if len(found) > limit else None)


def _happening(
    event: Event,
    runs: list[HappeningRun],
    activations: Mapping[str, Sequence[str]],
    out: list[KeptOut],
) -> Happening:
    reason = _KEPT_OUT if out else _reason(event, activations.get(event.type, []))
    return Happening(
        id=event.id,
        type=event.type,
        source=event.source,
        label=event.label,
        contact=event.contact,
        received_at=rfc3339(event.received_at),
        runs=runs,
        reason=None if runs else reason,
        kept_out=out,
    )


def _reason(event: Event, workflows: Sequence[str]) -> HappeningReason:
    if event.duplicate_of is not None:
        return _DUPLICATE
    if event.routed_at is None:
        return _NOT_ROUTED
    if event.depth > DEEPEST_LINEAGE:
        return _TOO_DEEP
    if not workflows:
        return _NO_WORKFLOW
    return HappeningReason(
        code="not_active",
        message="The workflows that start with it were not switched on at that time.",
        workflows=list(workflows),
    )


async def _runs_of(
    session: AsyncSession, workspace_id: int, event_ids: Sequence[str]
) -> dict[str, list[HappeningRun]]:
    """Each event's runs, with the words of their last step."""
    rows = await session.exec(
        select(Run, Workflow.name)
        .join(
            Workflow,
            (col(Workflow.workspace_id) == col(Run.workspace_id))
            & (col(Workflow.id) == col(Run.workflow_id)),
        )
        .where(Run.workspace_id == workspace_id, col(Run.event_id).in_(event_ids))
        .order_by(col(Run.id))
    )
    found: dict[str, list[HappeningRun]] = defaultdict(list)
    pairs = rows.all()
    words = await _last_words(session, workspace_id, [run for run, _ in pairs])
    for run, name in pairs:
        found[run.event_id].append(
            HappeningRun(
                id=run.id,
                workflow_id=run.workflow_id,
                workflow_name=name,
                status=run.status,
                words=(run.error or {}).get("message") or words.get(run.id),
            )
        )
    return found


async def _last_words(
    session: AsyncSession, workspace_id: int, runs: Sequence[Run]
) -> dict[str, str]:
    """What each run's latest step with words says: a condition that let nothing pass tells why."""
    rows = await session.exec(
        select(Step.run_id, Step.words)
        .where(
            Step.workspace_id == workspace_id,
            col(Step.run_id).in_([run.id for run in runs]),
            col(Step.words).is_not(None),
        )
        .order_by(col(Step.run_id), col(Step.sequence))
    )
    return {run_id: words for run_id, words in rows.all() if words}


async def _activations(
    session: AsyncSession, workspace_id: int, types: set[str]
) -> dict[str, list[str]]:
    """By kind of event, the names of the workflows that have ever been live for it."""
    rows = await session.exec(
        select(Activation.event_type, Workflow.name)
        .join(
            Workflow,
            (col(Workflow.workspace_id) == col(Activation.workspace_id))
            & (col(Workflow.id) == col(Activation.workflow_id)),
        )
        .where(
            Activation.workspace_id == workspace_id,
            col(Activation.event_type).in_(types),
            col(Workflow.deleted_at).is_(None),
        )
        .distinct()
        .order_by(Workflow.name)
        .limit(100)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for event_type, name in rows.all():
        found[event_type].append(name)
    return found
