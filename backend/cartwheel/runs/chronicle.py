"""What a worker tells of the runs it moves: lines for people, numbers for Prometheus."""

from cartwheel import tally
from cartwheel.clock import now_ms
from cartwheel.logbook import tell
from cartwheel.runs.claims import ClaimedRun
from cartwheel.runs.routing import Taken
from cartwheel.runs.rows import RunWrite
from cartwheel.runs.tokens import RunStatus

_ENDED = {RunStatus.SUCCEEDED.value, RunStatus.FAILED.value, RunStatus.CANCELLED.value}


def note_taken(taken: Taken) -> None:
    """One look at the book brought these."""
    now = now_ms()
    tally.add("events_routed", number=taken.events)
    for run in taken.runs:
        names = {"workspace": run.workspace_id, "workflow": run.workflow_id, "run": run.id}
        if run.event is None:
            tally.add("runs_claimed", "due")
            tell("claimed", **names)
        else:
            waited = max(0, now - run.event.received_at)
            tally.add("runs_claimed", "new")
            tally.observe("pickup", waited)
            tell("routed", **names, event=run.event.id, ms=waited)


def note_written(run: ClaimedRun, changes: RunWrite) -> None:
    """These changes of a run stand in the book now."""
    tally.add("steps", number=len(changes.steps))
    for effect in changes.effects:
        tally.add("effects", effect.status)
        if effect.is_result:
            took = (effect.finished_at or effect.started_at) - effect.started_at
            tell("acted", workspace=run.workspace_id, workflow=run.workflow_id, run=run.id,
                 node=effect.node_id, status=effect.status, ms=took)  # fmt: skip
    if changes.run.release:
        _note_rest(run, changes)


def _note_rest(run: ClaimedRun, changes: RunWrite) -> None:
    """A run that ended, or that waits for a time, an event or a person."""
    took, status = max(0, now_ms() - run.created_at), changes.run.status
    ended = status in _ENDED
    if ended:
        tally.add("runs_ended", status)
        tally.observe("run", took)
    tell("ended" if ended else "rests", workspace=run.workspace_id, workflow=run.workflow_id,
         run=run.id, status=status, steps=changes.run.step_count, ms=took)  # fmt: skip
