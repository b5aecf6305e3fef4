"""In what shape troubles, and the letters about them, are asked for and shown."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from cartwheel.clock import rfc3339
from cartwheel.languages.fields import SaidOrNone
from cartwheel.notices.store import LostLetter, Reader
from cartwheel.notices.troubles import Trouble
from cartwheel.proofs.schemas import said_lines

Language = Literal["en", "pl"]
MOST_FAILURES = 1_000


class Body(BaseModel):
    """What we are sent. A field that we do not know is a mistake, and is said to be one."""

    model_config = ConfigDict(extra="forbid")


class TroubleShape(BaseModel):
    """A workflow of which many runs failed within the last hour, or the last five all did."""

    workflow_id: str
    workflow_name: str
    failed: int
    newest_run_id: str


class RefusedConnection(BaseModel):
    """A connection that its app does not accept any more: what needs it waits."""

    connection_id: str
    connection_name: str


class TroubleList(BaseModel):
    """What needs somebody's eyes, the worst first."""

    items: list[TroubleShape]
    connections: list[RefusedConnection]


class LostLetterShape(BaseModel):
    """A person's newest letter, which did not arrive: `refused` for good, `unknown` where nobody
    can tell, `due` where it is tried again. `to` is where it was to go, `at` when that was known.
    """

    status: Literal["due", "refused", "unknown"]
    to: str | None
    at: str
    error: str


class NoticeReaderShape(BaseModel):
    """One of your people: whether they want the letters, in which language, and whether their
    e-mail address is shown to be theirs. Without that none is sent."""

    id: str
    name: str
    email: str | None
    role: str
    wants: bool
    language: str
    verified: bool
    lost_letter: LostLetterShape | None = Field(
        description="The newest letter, a test letter too, where it did not arrive"
    )


class NoticeSettings(BaseModel):
    """When somebody is told of failures, and who. `obstacle` says why no letter can leave."""

    failures: int = Field(description="So many runs of a workflow within an hour; 0: never")
    obstacle: SaidOrNone
    people: list[NoticeReaderShape]


class NoticeRule(Body):
    """How many runs of a workflow fail within an hour before somebody is told; 0: nobody is."""

    failures: Annotated[int, Field(strict=True, ge=0, le=MOST_FAILURES)]


class NoticeWish(Body):
    """Whether a person wants the letters, and in which language; without one it stays."""

    wants: Annotated[bool, Field(strict=True)]
    language: Language | None = None


class TestLetter(Body):
    """`press` is any text that is new for each press of the button."""

    __test__ = False

    press: Annotated[str, Field(min_length=8, max_length=64)]


def trouble_shape(trouble: Trouble) -> TroubleShape:
    """A failing workflow as the screen sees it."""
    return TroubleShape(
        workflow_id=trouble.subject_id,
        workflow_name=trouble.name,
        failed=trouble.failed,
        newest_run_id=trouble.run_id or "",
    )


def refused_shape(trouble: Trouble) -> RefusedConnection:
    """A refused connection as the screen sees it."""
    return RefusedConnection(connection_id=trouble.subject_id, connection_name=trouble.name)


def reader_shape(reader: Reader, lost: LostLetter | None) -> NoticeReaderShape:
    """A person as the settings show them."""
    return NoticeReaderShape(
        id=reader.person_id,
        name=reader.name,
        email=reader.email,
        role=reader.role,
        wants=reader.wants,
        language=reader.language,
        verified=reader.is_reachable,
        lost_letter=lost and _lost_shape(lost),
    )


def _lost_shape(letter: LostLetter) -> LostLetterShape:
    return LostLetterShape.model_validate(
        {
            "status": letter.status.value,
            "to": letter.to,
            "at": rfc3339(letter.at),
            "error": said_lines(letter.error) or "",
        }
    )
