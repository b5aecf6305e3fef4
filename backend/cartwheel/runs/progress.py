"""How far the bodies of a run have come, in words: “1,203 of 5,000 done.”"""

from collections.abc import Mapping

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from cartwheel.node_sdk import Json
from cartwheel.runs.models import Run, Token
from cartwheel.runs.schemas import StepShape
from cartwheel.runs.tokens import Place, TokenState


async def progress_of(session: AsyncSession, run: Run) -> Mapping[Place, str]:
    """Words for each step whose body is under way, by its place."""
    tokens = await session.exec(
        select(Token).where(
            Token.workspace_id == run.workspace_id,
            Token.run_id == run.id,
            col(Token.state) == TokenState.OPEN.value,
        )
    )
    return {(token.node_id, token.iteration): in_words(token.wait or {}) for token in tokens}


def with_progress(step: StepShape, progress: Mapping[Place, str]) -> StepShape:
    """The step, and how far its body has come."""
    words = progress.get((step.node_id, step.iteration))
    return step.model_copy(update={"words": words}) if words else step


def in_words(wait: Mapping[str, Json]) -> str:
    """What a person wants to know of an open body."""
    done = wait["next"] - wait["open"]
    if wait["kind"] == "each":
        return f"{done:,} of {wait['size']:,} done."
    return f"In pass {wait['passes']:,}."
