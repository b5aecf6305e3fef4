"""A played scenario as the API shows it."""

from datetime import datetime

from cartwheel.catalog.titles import title_in
from cartwheel.clock import rfc3339, to_ms
from cartwheel.runs.recorder import StepRecord
from cartwheel.runs.tokens import Failure, StepStatus
from cartwheel.simulation.carrier import WouldLeave
from cartwheel.simulation.driver import Played
from cartwheel.simulation.schemas import (
    Json,
    SimulatedCall,
    SimulatedError,
    SimulatedMessage,
    SimulatedRequest,
    SimulatedRun,
    SimulatedStep,
    SimulationResult,
    TakenPath,
)
from cartwheel.simulation.stage import Message, PlayedCall, PlayedRun

MOST_SHOWN_STEPS = 5_000
MOST_SHOWN_INSIDE = 200


def result_shape(played: Played, started_at: datetime) -> SimulationResult:
    """Everything that a scenario brought about."""
    first, *further = played.runs
    return SimulationResult(
        **_run_fields(first),
        messages=[message_shape(message) for message in played.messages],
        requests=[request_shape(each) for each in played.requests],
        started_at=time_shape(started_at),
        ended_at=time_shape(played.ended_at),
        stopped=played.stopped,
        further_runs=[SimulatedRun(**_run_fields(run)) for run in further],
    )


def _run_fields(run: PlayedRun) -> dict[str, Json]:
    ran = dict.fromkeys(s.node_id for s in run.steps if s.status is not StepStatus.SKIPPED)
    return {
        "event_type": run.event.type,
        "status": run.status.value,
        "steps": [_step_shape(step, run) for step in run.steps[:MOST_SHOWN_STEPS]],
        "omitted_steps": max(0, len(run.steps) - MOST_SHOWN_STEPS),
        "path": TakenPath(nodes=list(ran), edges=list(run.edges)),
        "error": error_shape(run.finish.error if run.finish else None),
        "stop_label": run.finish.label if run.finish else None,
    }


def _step_shape(step: StepRecord, run: PlayedRun) -> SimulatedStep:
    is_trigger = step is run.steps[0]
    return SimulatedStep(
        node_id=step.node_id,
        iteration=step.iteration,
        at=time_shape(step.started_at) if step.started_at else None,
        finished_at=time_shape(step.finished_at) if step.finished_at else None,
        wake_at=time_shape(step.wake_at) if step.wake_at else None,
        port=step.port,
        status=step.status.value,
        input=step.input,
        output=dict(run.event.data) if is_trigger and step.output is None else step.output,
        words=step.words,
        error=error_shape(step.error),
        attempts=step.attempts,
        inside=_call_shape(run.calls.get((step.node_id, step.iteration))),
    )


def _call_shape(call: PlayedCall | None) -> SimulatedCall | None:
    if call is None:
        return None
    callee, run = call.callee, call.run
    planned = callee.plan.steps
    return SimulatedCall(
        workflow_id=callee.workflow_id,
        workflow_name=callee.name,
        version=callee.version,
        status=run.status.value,
        steps=[_step_shape(step, run) for step in run.steps[:MOST_SHOWN_INSIDE]],
        names={
            node_id: title_in(planned[node_id].node.label, planned[node_id].node_type)
            for node_id in {step.node_id for step in run.steps}
        },
        omitted_steps=max(0, len(run.steps) - MOST_SHOWN_INSIDE),
    )


def message_shape(sent: Message) -> SimulatedMessage:
    """A message as it is shown."""
    return SimulatedMessage(
        node_id=sent.node_id,
        iteration=sent.iteration,
        at=time_shape(sent.at),
        channel=sent.message.channel,
        to=sent.message.to,
        subject=sent.message.subject,
        text=sent.message.text,
        html=sent.message.html,
    )


def request_shape(left: WouldLeave) -> SimulatedRequest:
    """A request as it is shown."""
    request = left.request
    return SimulatedRequest(
        node_id=left.node_id,
        iteration=left.iteration,
        at=time_shape(left.at),
        method=request.method,
        url=request.url,
        headers=dict(request.headers),
        body=request.body,
        form=dict(request.form) if request.form is not None else None,
    )


def error_shape(failure: Failure | None) -> SimulatedError | None:
    """Why something failed, as it is shown."""
    return SimulatedError(**failure.document()) if failure else None


def time_shape(moment: datetime) -> str:
    """A time as it is shown."""
    return rfc3339(to_ms(moment))
