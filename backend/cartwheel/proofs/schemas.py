"""In what shape own addresses and proofs are asked for and shown."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from cartwheel.catalog.registry import Registry, UnknownNodeType
from cartwheel.clock import rfc3339
from cartwheel.languages import said
from cartwheel.languages.fields import SaidOrNone
from cartwheel.proofs.addresses import AddressState
from cartwheel.proofs.post import DispatchStatus
from cartwheel.simulation.schemas import Body, GraphSimulation
from cartwheel.statements import Row

Status = Literal["due", "sending", "sent", "refused", "unknown"]
Kind = Literal["email", "phone"]


class CodeRequest(Body):
    """Where to send a code: for a phone its number; an e-mail goes to the account's address."""

    address: str | None = Field(None, max_length=40)


class GivenCode(Body):
    """The code that arrived."""

    code: Annotated[str, Field(min_length=1, max_length=20)]


class CodeUnderWay(BaseModel):
    """A code that was sent and not entered yet; `error` says why it did not arrive."""

    status: Status
    error: str | None
    expires_at: str


class OwnAddressShape(BaseModel):
    """One of your addresses. `obstacle` says why no code can be sent there."""

    kind: Kind
    address: str | None
    verified: bool
    obstacle: SaidOrNone
    code: CodeUnderWay | None


class OwnAddresses(BaseModel):
    """Your addresses, one of each kind."""

    items: list[OwnAddressShape]


class NewProof(GraphSimulation):
    """Which message you want: the one that `node_id` writes in this scenario.

    `press` is any text that is new for each press of the button: with the same one nothing more is
    sent.
    """

    node_id: Annotated[str, Field(min_length=1, max_length=200)]
    iteration: Annotated[str, Field(max_length=200)] = ""
    press: Annotated[str, Field(min_length=8, max_length=64)]


class ProofShape(BaseModel):
    """A message to you; `to` is where it went, `error` why it did not arrive."""

    id: str
    status: Status
    channel: str
    to: str | None
    error: str | None


def address_shape(state: AddressState) -> OwnAddressShape:
    """An address as the API shows it."""
    code = None
    if state.code_expires_at is not None:
        status = DispatchStatus(state.code_status or DispatchStatus.UNKNOWN)
        code = CodeUnderWay(
            status=status.value,
            error=said_lines(state.code_error),
            expires_at=rfc3339(state.code_expires_at),
        )
    return OwnAddressShape(
        kind=state.kind.value,
        address=state.address,
        verified=state.verified_at is not None,
        obstacle=state.obstacle,
        code=code,
    )


def proof_shape(row: Row, registry: Registry) -> ProofShape:
    """A row of `post.dispatch_row`."""
    proof_id, status, node_type, to, error = tuple(row)
    return ProofShape(
        id=proof_id,
        status=status,
        channel=_channel(registry, node_type),
        to=to,
        error=said_lines(error),
    )


def _channel(registry: Registry, ref: str) -> str:
    name, _, version = ref.partition("@")
    try:
        message = registry.get(name, int(version)).message
    except UnknownNodeType:
        message = None
    return message.channel if message else ""


def said_lines(words: str | None) -> str | None:
    """What went wrong, and in a line of its own what to do, in the reader's language."""
    return words and " ".join(said(line) for line in words.split("\n"))
