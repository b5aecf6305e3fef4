"""Templates over HTTP: which there are, and beginning a workflow with one."""

from typing import Annotated

from fastapi import APIRouter, Depends, status

from cartwheel.accounts.caller import AnyCaller
from cartwheel.database import Database, database
from cartwheel.templates import service
from cartwheel.templates.schemas import FilledTemplate, TemplateList, TemplateUse, template_shape
from cartwheel.templates.template import load_templates
from cartwheel.workflows.schemas import WorkflowDetail

router = APIRouter(prefix="/api/templates", tags=["templates"])


@router.get("")
async def list_templates(_caller: AnyCaller) -> TemplateList:
    """Workflows to begin with, each with the form of what it needs."""
    return TemplateList(items=[template_shape(each) for each in load_templates().values()])


@router.post("/{template_id}/graph")
async def fill_template(template_id: str, body: TemplateUse, _caller: AnyCaller) -> FilledTemplate:
    """A template's graph with its gaps filled, for a canvas that is still empty. Keeps nothing."""
    return FilledTemplate(graph=service.filled_template(template_id, body))


@router.post("/{template_id}/use", status_code=status.HTTP_201_CREATED)
async def use_template(
    template_id: str,
    body: TemplateUse,
    book: Annotated[Database, Depends(database)],
    caller: AnyCaller,
) -> WorkflowDetail:
    """Make a workflow of a template. It runs at once, on the sandbox, without any account."""
    return await service.use_template(book, caller.workspace_id, template_id, body)
