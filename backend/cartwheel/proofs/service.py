"""What we decide about proofs: which message is meant, and that it is the caller's own to receive.

A proof is written by the simulator, which cannot send, and sent by the worker, which puts the
receiver in. Between the two stands only what the step's settings came to.
"""

from collections.abc import Mapping
from uuid import UUID, uuid5

from cartwheel.accounts.caller import Caller
from cartwheel.accounts.throttle import Throttle, count_within
from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.registry import Registry, UnknownNodeType
from cartwheel.clock import now_ms
from cartwheel.connections.choosing import SANDBOX, PublicConnection, choose
from cartwheel.connections.rows import public_connections
from cartwheel.database import Database, dump_json
from cartwheel.errors import Conflict, Invalid, NotFound
from cartwheel.node_sdk import Json, NodeError
from cartwheel.proofs.addresses import own_person, verified_address
from cartwheel.proofs.door import AddressKind, address_kind, addressed
from cartwheel.proofs.post import PROOF, NewDispatch, add_dispatch, dispatch_row
from cartwheel.proofs.schemas import NewProof, ProofShape, proof_shape
from cartwheel.simulation.schemas import SimulatedStep, SimulationResult
from cartwheel.simulation.service import simulate_graph
from cartwheel.statements import Transaction
from cartwheel.workflows import store as workflows
from cartwheel.workflows.graph import read_graph

FREE_PROOFS = 20
_PRESSES = UUID("0d2f4a5e-6a0e-5c7b-9f0e-3f6f0b6a2c55")
_TOO_MANY_PROOFS = "Messages were sent to you too often."
_NOT_VERIFIED = {
    AddressKind.EMAIL: "First show that your e-mail address is yours.",
    AddressKind.PHONE: "First show that a phone number is yours.",
}


async def send_me_one(
    database: Database, registry: Registry, caller: Caller, workflow_id: str, wanted: NewProof
) -> ProofShape:
    """One message as a step of this graph would write it, on its way to the caller alone.

    The same `press` is the same message, however often it is sent. Raises `Forbidden` for a
    program, `NotFound`, `Invalid` where the step writes no such message, `Conflict` where it cannot
    leave or the caller has no verified address, `TooManyAttempts`, `GraphError`.
    """
    person_id, place = own_person(caller), caller.workspace_id
    async with database.read() as session:
        await workflows.find_workflow(session, place, workflow_id)
    proof_id = str(uuid5(_PRESSES, f"{place}/{person_id}/{wanted.press}"))
    known = await database.fetch(dispatch_row(place, proof_id))
    if known:
        return proof_shape(known[0], registry)
    node_type, asked = _message_step(registry, wanted)
    result = await simulate_graph(database, place, wanted.graph, wanted)
    config = _written(result, wanted)
    connection = _sending(await public_connections(database, place), node_type, config)
    address = await _own_address(database, place, person_id, asked)
    await _try_to_address(node_type, config, connection, address)
    proof = NewDispatch(
        workspace_id=place,
        id=proof_id,
        person_id=person_id,
        kind=PROOF,
        address_kind=asked.value,
        node_type=node_type.ref,
        connection_id=connection.id,
        config=dump_json(config),
        workflow_id=workflow_id,
        node_id=wanted.node_id,
    )
    await database.run(begin_proof(proof, now_ms()))
    return await read_proof(database, registry, place, proof_id)


async def read_proof(
    database: Database, registry: Registry, workspace_id: int, proof_id: str
) -> ProofShape:
    """How far a proof has come. Raises `NotFound`."""
    rows = await database.fetch(dispatch_row(workspace_id, proof_id))
    if not rows:
        raise NotFound("There is no such message.")
    return proof_shape(rows[0], registry)


async def _own_address(
    database: Database, workspace_id: int, person_id: str, kind: AddressKind
) -> str:
    address = await verified_address(database, workspace_id, person_id, kind)
    if address is None:
        raise Conflict(_NOT_VERIFIED[kind], code="address_not_verified", kind=kind.value)
    return address


def _message_step(registry: Registry, wanted: NewProof) -> tuple[NodeType, AddressKind]:
    """What the step is, and by what kind of address it reaches one person."""
    node = read_graph(wanted.graph).nodes.get(wanted.node_id)
    if node is None:
        raise Invalid("There is no such step in this workflow.", code="no_such_step")
    try:
        node_type = registry.get(node.type, node.version)
    except UnknownNodeType as error:
        raise Invalid(error.detail, code=error.code) from None
    kind = address_kind(node_type)
    if kind is None:
        raise Invalid(
            "Only a message to one person can be sent to you: an e-mail, an SMS, a WhatsApp "
            "message.",
            code="cannot_be_tried",
        )
    return node_type, kind


def _written(result: SimulationResult, wanted: NewProof) -> Mapping[str, Json]:
    """The step's settings as they were filled in."""
    step = next((each for each in result.steps if _is_wanted(each, wanted)), None)
    if step is None or step.status == "skipped":
        raise Conflict(
            "With this event the workflow does not come to this step, so it writes nothing. "
            "Choose another event.",
            code="step_not_reached",
        )
    if step.error is not None:
        raise Invalid(step.error.message, code="step_failed", fix=step.error.fix)
    if not isinstance(step.input, Mapping):
        raise Conflict(
            "This step's result is pinned, so it writes nothing. Take the pin away.",
            code="step_pinned",
        )
    return step.input


def _is_wanted(step: SimulatedStep, wanted: NewProof) -> bool:
    return (step.node_id, step.iteration) == (wanted.node_id, wanted.iteration)


def _sending(
    known: tuple[PublicConnection, ...], node_type: NodeType, config: Mapping[str, Json]
) -> PublicConnection:
    named = config.get("connection")
    found = choose(known, node_type, str(named) if named else None)
    if found is None:
        raise Conflict(
            "This step has no connection to send with. Choose one in the step.",
            code="missing_connection",
        )
    if found.app == SANDBOX:
        raise Conflict(
            "This step sends with the sandbox, which delivers nothing. Choose a real connection "
            "in the step, or connect one under Connections first.",
            code="sandbox_in_use",
        )
    return found


async def _try_to_address(
    node_type: NodeType, config: Mapping[str, Json], connection: PublicConnection, to: str
) -> None:
    """What the worker would stumble over is said at once."""
    try:
        await addressed(node_type, config, connection.info, to, "")
    except NodeError as error:
        raise Invalid(error.message, code=error.code, fix=error.fix) from None


def begin_proof(proof: NewDispatch, now: int) -> Transaction[None]:
    """Made due, once for a press."""
    presses = f"proofs:{proof.workspace_id}:{proof.person_id}"
    if (yield from add_dispatch(proof, now)):
        yield from count_within((Throttle(presses, FREE_PROOFS, _TOO_MANY_PROOFS),), now)
