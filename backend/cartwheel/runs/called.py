"""What a call comes to, for worker and simulator alike. Pure."""

from collections.abc import Iterable

from cartwheel.node_sdk import Json
from cartwheel.runs.flow import Flow
from cartwheel.runs.limits import DEEPEST_LINEAGE
from cartwheel.runs.tokens import Failure, RunStatus, StepStatus, WakeReason, Woken

CALLED = "called"
"""The event that starts a workflow which is called; its trigger names it."""

TOO_DEEP = Failure(
    "calls_too_deep",
    f"Workflows called one another {DEEPEST_LINEAGE} times in a row: they may call in a circle.",
    "Look which workflow calls which, and take one of the calls out.",
)
NOT_ON = Failure(
    "workflow_not_on",
    "The workflow that this step calls is not switched on, or does not exist any more.",
    "Switch it on, or choose another workflow.",
)
NOT_CALLABLE = Failure(
    "workflow_not_callable",
    "The workflow that this step calls does not start with “Called by another workflow”.",
    "Give it that trigger, or choose another workflow.",
)
NO_VERSION = Failure(
    "version_not_found",
    "The version that this step calls does not exist.",
    "Choose another version, or leave the version empty.",
)


def failed_call(status: str, message: str | None) -> Failure:
    """What the end of a called run means for the step that called, where it was no success."""
    if status == RunStatus.CANCELLED:
        return Failure("call_cancelled", "The run of the called workflow was cancelled.")
    said = message or "It did not say why."
    return Failure(
        "call_failed",
        f"The called workflow failed: {said}",
        "Open the run of the called workflow to see where.",
    )


def returned(result: Json, label: str | None) -> Woken:
    """What a called run gives back: its result, and the label it ended with."""
    return Woken(WakeReason.RETURNED, {"result": result, "label": label})


def furthest(flow: Flow, steps: Iterable[tuple[str, str, str, Json]]) -> Json:
    """The result of a run: the output of its step furthest along the drawn order. Steps are
    (node_id, iteration, status, output)."""
    result, place = None, 0
    for node_id, iteration, status, output in steps:
        order = flow.order.get(node_id, -1)
        if not iteration and status == StepStatus.SUCCEEDED and order > place:
            place, result = order, output
    return result
