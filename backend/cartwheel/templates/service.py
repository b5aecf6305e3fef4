"""What we decide about templates: what may fill them, and what becomes of it."""

from cartwheel.catalog.config import ConfigSchema
from cartwheel.database import Database
from cartwheel.errors import Invalid, NotFound
from cartwheel.node_sdk import Json
from cartwheel.templates.filling import defaults, fill
from cartwheel.templates.schemas import TemplateUse
from cartwheel.templates.template import Template, load_templates
from cartwheel.workflows.schemas import WorkflowDetail
from cartwheel.workflows.service import create_workflow


def find_template(template_id: str) -> Template:
    """A template. Raises `NotFound`."""
    found = load_templates().get(template_id)
    if found is None:
        raise NotFound("There is no such template in this installation.")
    return found


async def use_template(
    database: Database, workspace_id: int, template_id: str, use: TemplateUse
) -> WorkflowDetail:
    """A new workflow, drawn and wired. Raises `NotFound`, and `Invalid` with every wrong value."""
    label = find_template(template_id).label
    graph = filled_template(template_id, use)
    return await create_workflow(database, workspace_id, use.name or label, graph)


def filled_template(template_id: str, use: TemplateUse) -> dict[str, Json]:
    """A template's graph. Raises `NotFound`, and `Invalid` with every wrong value."""
    template = find_template(template_id)
    values = {**defaults(template.asks), **use.values}
    faults = ConfigSchema(template.asks).faults(values, rendered=True)
    if faults:
        raise Invalid(
            "Some of the values do not fit. " + " ".join(fault.message for fault in faults),
            code="bad_values",
            problems=[{"field": fault.field, "message": fault.message} for fault in faults],
        )
    graph: dict[str, Json] = fill(template.graph, values, template.texts_in(use.language))
    return graph
