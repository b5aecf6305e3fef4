"""What starts a workflow, and with which sample."""

from cartwheel.catalog.titles import title_in
from cartwheel.node_sdk import Json
from cartwheel.runs.plan import Plan
from cartwheel.simulation.scenario import HappenedEvent

MANUAL = "manual"
"""The type of the event that a person makes by starting a workflow by hand."""

_FROM_CONFIG = "$config."


def event_type(plan: Plan) -> str | None:
    """The type of event that starts the workflow; None where nothing says."""
    step = plan.steps.get(plan.trigger or "")
    declared = step.node_type.event_type if step and step.node_type else None
    if step is None or declared is None or not declared.startswith(_FROM_CONFIG):
        return declared
    chosen = step.node.config.get(declared.removeprefix(_FROM_CONFIG))
    return str(chosen) if chosen else None


def trigger_title(plan: Plan) -> str:
    """What a merchant calls the step that starts the workflow."""
    step = plan.steps.get(plan.trigger or "")
    return title_in(step.node.label, step.node_type) if step else ""


def starts(plan: Plan, happened: str) -> bool:
    """Whether such an event starts the workflow; by hand every workflow can be started."""
    return happened in {MANUAL, event_type(plan)}


def sample_event(plan: Plan) -> HappenedEvent:
    """An example of what starts the workflow: the one in the trigger's own settings (`sample`),
    else the node type's."""
    step = plan.steps.get(plan.trigger or "")
    samples = step.node_type.samples if step and step.node_type else ()
    own: Json = step.node.config.get("sample") if step else None
    data = own or (samples[0].output if samples else {})
    return HappenedEvent(event_type(plan) or MANUAL, data if isinstance(data, dict) else {})
