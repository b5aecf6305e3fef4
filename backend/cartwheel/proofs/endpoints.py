"""Own addresses and "Send me one" over HTTP. Everything here is about whoever asks, a person."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, status

from cartwheel.accounts.caller import AnyCaller
from cartwheel.catalog.registry import load_registry
from cartwheel.database import Database, database
from cartwheel.proofs import addresses, service
from cartwheel.proofs.codes import OwnCodes
from cartwheel.proofs.door import AddressKind
from cartwheel.proofs.schemas import (
    CodeRequest,
    GivenCode,
    NewProof,
    OwnAddresses,
    ProofShape,
    address_shape,
)

router = APIRouter(prefix="/api", tags=["proofs"])
Book = Annotated[Database, Depends(database)]


def own_codes(request: Request) -> OwnCodes:
    """FastAPI dependency: the maker of codes."""
    found: OwnCodes = request.app.state.codes
    return found


Codes = Annotated[OwnCodes, Depends(own_codes)]


@router.get("/own-addresses")
async def list_own_addresses(book: Book, caller: AnyCaller) -> OwnAddresses:
    """Where you can be sent a message, and whether that is shown to be you. A program has none."""
    if caller.person_id is None:
        return OwnAddresses(items=[])
    found = await addresses.list_addresses(book, load_registry(), caller)
    return OwnAddresses(items=[address_shape(each) for each in found])


@router.post("/own-addresses/{kind}/code", status_code=status.HTTP_202_ACCEPTED)
async def send_code(
    kind: AddressKind, body: CodeRequest, book: Book, caller: AnyCaller
) -> OwnAddresses:
    """Have a code sent to your address, to show that it is yours."""
    await addresses.send_code(book, load_registry(), caller, kind, body.address)
    return await list_own_addresses(book, caller)


@router.post("/own-addresses/{kind}/confirm")
async def confirm_own_address(
    kind: AddressKind, body: GivenCode, book: Book, caller: AnyCaller, codes: Codes
) -> OwnAddresses:
    """Tell the code that arrived: 422 `wrong_code`, 409 `code_spent`."""
    await addresses.confirm(book, codes, caller, kind, body.code)
    return await list_own_addresses(book, caller)


@router.delete("/own-addresses/{kind}", status_code=status.HTTP_204_NO_CONTENT)
async def forget_own_address(kind: AddressKind, book: Book, caller: AnyCaller) -> None:
    """Nothing is sent there any more, until you show again that it is yours."""
    await addresses.forget(book, caller, kind)


@router.post("/workflows/{workflow_id}/proofs", status_code=status.HTTP_202_ACCEPTED)
async def send_me_one(
    workflow_id: str, body: NewProof, book: Book, caller: AnyCaller
) -> ProofShape:
    """Send yourself one message, as a step would write it in this scenario. It really leaves, for
    your own verified address and for no other; nothing else of the workflow happens."""
    return await service.send_me_one(book, load_registry(), caller, workflow_id, body)


@router.get("/proofs/{proof_id}")
async def read_proof(proof_id: str, book: Book, caller: AnyCaller) -> ProofShape:
    """How far a message to one of you has come."""
    return await service.read_proof(book, load_registry(), caller.workspace_id, proof_id)
