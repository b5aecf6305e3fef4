"""What we decide about letters of failures: who may say who gets them, and a test of it."""

from uuid import UUID, uuid5

from cartwheel.accounts.caller import Caller, require
from cartwheel.accounts.models import Role
from cartwheel.catalog.registry import Registry
from cartwheel.clock import now_ms
from cartwheel.connections.rows import public_connections
from cartwheel.database import Database
from cartwheel.errors import Conflict, NotFound
from cartwheel.notices import store, troubles
from cartwheel.notices.letters import compose_test
from cartwheel.notices.schemas import (
    NoticeSettings,
    NoticeWish,
    TroubleList,
    reader_shape,
    refused_shape,
    trouble_shape,
)
from cartwheel.notices.store import Rule
from cartwheel.proofs.addresses import own_person
from cartwheel.proofs.door import AddressKind
from cartwheel.proofs.post import PROOF
from cartwheel.proofs.schemas import ProofShape
from cartwheel.proofs.senders import Sender, sender_for
from cartwheel.proofs.service import begin_proof, read_proof

_PRESSES = UUID("5f6c9a60-2d6f-5a0d-9a5e-0f6f4e0d2b31")
_NO_SENDER = (
    "There is no mail connection that could send letters. Connect your mail server under "
    "Connections."
)


async def list_troubles(database: Database, workspace_id: int) -> TroubleList:
    """What fails in a workspace now, whether or not anybody is written to."""
    now = now_ms()
    failing = await database.fetch(troubles.failing_workflows(now, workspace_id))
    refused = await database.fetch(troubles.refused_connections(workspace_id))
    return TroubleList(
        items=[trouble_shape(troubles.read_workflow(row, now)) for row in failing[:20]],
        connections=[refused_shape(troubles.read_connection(row)) for row in refused[:20]],
    )


async def read_settings(
    database: Database, registry: Registry, workspace_id: int
) -> NoticeSettings:
    """When somebody is told, and who."""
    rule = await _rule(database, workspace_id)
    readers = map(store.read_reader, await database.fetch(store.reader_rows(workspace_id)))
    letters = dict(map(store.read_letter, await database.fetch(store.newest_letters(workspace_id))))
    sender = await _sender(database, registry, workspace_id)
    return NoticeSettings(
        failures=rule.failures,
        obstacle=None if sender else _NO_SENDER,
        people=[reader_shape(each, letters.get(each.person_id)) for each in readers],
    )


async def set_wish(database: Database, caller: Caller, person_id: str, wish: NoticeWish) -> None:
    """Somebody wants the letters or not: oneself, or for others an administrator.

    Raises `Forbidden`, `NotFound`.
    """
    if caller.person_id != person_id:
        require(caller, Role.ADMIN)
    setting = store.set_reader(caller.workspace_id, person_id, wish.wants, wish.language)
    if not await database.run(setting):
        raise NotFound("There is no such person here.")


async def send_test_letter(
    database: Database, registry: Registry, caller: Caller, base_url: str, press: str
) -> ProofShape:
    """A letter as one about failures would come, on its way to the caller; once for a press.

    Raises `Forbidden` for a program, `Conflict` where it cannot leave or the caller's address is
    not verified, `TooManyAttempts`.
    """
    person_id, place = own_person(caller), caller.workspace_id
    rows = map(store.read_reader, await database.fetch(store.reader_rows(place)))
    reader = next((each for each in rows if each.person_id == person_id), None)
    if reader is None or not reader.is_reachable:
        raise Conflict(
            "First show that your e-mail address is yours.",
            code="address_not_verified",
            kind=AddressKind.EMAIL.value,
        )
    sender = await _sender(database, registry, place)
    if sender is None:
        raise Conflict(_NO_SENDER, code="no_sender")
    letter = compose_test((await _rule(database, place)).shop, base_url, reader.language)
    letter_id = str(uuid5(_PRESSES, f"{place}/{person_id}/{press}"))
    dispatch = store.addressed(place, reader, sender, letter, PROOF, letter_id)
    await database.run(begin_proof(dispatch, now_ms()))
    return await read_proof(database, registry, place, letter_id)


async def _rule(database: Database, workspace_id: int) -> Rule:
    return Rule(*tuple((await database.fetch(store.rule_row(workspace_id)))[0]))


async def _sender(database: Database, registry: Registry, workspace_id: int) -> Sender | None:
    connections = await public_connections(database, workspace_id)
    return sender_for(registry, connections, AddressKind.EMAIL)
