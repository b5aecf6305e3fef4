"""What we decide about people's own addresses: a code goes there, and whoever tells it lives there.

A code works once, for 15 minutes and five guesses; how often one may be asked for is counted per
person and per address, so that nobody's telephone can be made to ring all night.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cartwheel.accounts.caller import Caller
from cartwheel.accounts.throttle import Throttle, count_within
from cartwheel.catalog.formats import FORMATS
from cartwheel.catalog.registry import Registry
from cartwheel.catalog.request_block import CONVERSIONS
from cartwheel.clock import new_id, now_ms
from cartwheel.connections.choosing import PublicConnection
from cartwheel.connections.rows import public_connections
from cartwheel.database import Database, dump_json
from cartwheel.errors import Conflict, Forbidden, Invalid
from cartwheel.languages import said
from cartwheel.proofs.codes import LASTS_MS, MARK, MOST_TRIES, CodePlace, OwnCodes
from cartwheel.proofs.door import AddressKind
from cartwheel.proofs.post import CODE, NewDispatch, add_dispatch
from cartwheel.proofs.senders import Sender, sender_for
from cartwheel.statements import Row, Sql, Transaction

FREE_CODES = 5
_PHONE_DIGITS = range(8, 16)
_TOO_MANY_CODES = "Codes were asked for too often."
_NO_SENDER = {
    AddressKind.EMAIL: "There is no mail connection that could send you a code. "
    "Connect your mail server under Connections.",
    AddressKind.PHONE: "There is no SMS or WhatsApp connection that could send you a code. "
    "Connect one under Connections.",
}
_NO_EMAIL = "Your account has no e-mail address yet. Set one together with your password."
_SPENT = (
    "There is no code to enter here any more: it was used, is older than 15 minutes, or was "
    "guessed wrong too often. Ask for a new one."
)


@dataclass(frozen=True, slots=True)
class AddressState:
    """One of a person's addresses as it stands. Times in ms.

    `obstacle` is a sentence where no code can be sent at all. While a code is under way,
    `code_status` tells how far its letter has come, and `code_error` why it did not arrive.
    """

    kind: AddressKind
    address: str | None
    verified_at: int | None
    obstacle: str | None
    code_expires_at: int | None = None
    code_status: str | None = None
    code_error: str | None = None


async def list_addresses(
    database: Database, registry: Registry, caller: Caller
) -> list[AddressState]:
    """Every kind of address, and how far the caller has come with it. Raises `Forbidden`."""
    person_id = own_person(caller)
    connections = await public_connections(database, caller.workspace_id)
    rows = await database.fetch(_addresses_of(caller.workspace_id, person_id))
    known = {str(row[0]): row for row in rows}
    email = await _email_of(database, caller.workspace_id, person_id)
    return [
        _state(kind, known.get(kind.value), email, _obstacle(registry, connections, kind, email))
        for kind in AddressKind
    ]


def _state(
    kind: AddressKind, row: Row | None, email: str | None, obstacle: str | None
) -> AddressState:
    if row is None or (kind is AddressKind.EMAIL and row[1] != email):
        address = email if kind is AddressKind.EMAIL else None
        return AddressState(kind, address, None, obstacle)
    _, address, verified_at, code_id, expires_at, status, error = tuple(row)
    if code_id is None or expires_at <= now_ms():
        return AddressState(kind, address, verified_at, obstacle)
    return AddressState(kind, address, verified_at, obstacle, expires_at, status, error)


def _obstacle(
    registry: Registry,
    connections: tuple[PublicConnection, ...],
    kind: AddressKind,
    email: str | None,
) -> str | None:
    if kind is AddressKind.EMAIL and not email:
        return _NO_EMAIL
    return None if sender_for(registry, connections, kind) else _NO_SENDER[kind]


async def send_code(
    database: Database, registry: Registry, caller: Caller, kind: AddressKind, given: str | None
) -> None:
    """Send a code to the caller's e-mail address, or to the phone number `given`.

    An address that is verified already is left alone. Raises `Forbidden` for a program, `Invalid`
    for no address, `Conflict` where nothing could send the code, `TooManyAttempts`.
    """
    person_id = own_person(caller)
    address = await _address(database, caller.workspace_id, person_id, kind, given)
    connections = await public_connections(database, caller.workspace_id)
    sender = sender_for(registry, connections, kind)
    if sender is None:
        raise Conflict(_NO_SENDER[kind], code="no_sender")
    if await verified_address(database, caller.workspace_id, person_id, kind) == address:
        return
    letter = _letter(sender, kind, caller.workspace_id, person_id)
    await database.run(_begin_code(letter, address, now_ms()))


async def confirm(
    database: Database, codes: OwnCodes, caller: Caller, kind: AddressKind, code: str
) -> None:
    """The caller tells the code that arrived. Raises `Conflict` where there is none to tell (any
    more), `Invalid` for a wrong one."""
    place = (caller.workspace_id, own_person(caller), kind.value)
    found = await database.run(_count_guess(place, now_ms()))
    if found is None:
        raise Conflict(_SPENT, code="code_spent")
    address, letter_id = found
    if not codes.fits(CodePlace(place[0], place[1], address, letter_id), code):
        raise Invalid("This is not the code that was sent.", code="wrong_code")
    if not await database.run(_confirm_address(place, letter_id, now_ms())):
        raise Conflict(_SPENT, code="code_spent")


async def forget(database: Database, caller: Caller, kind: AddressKind) -> None:
    """Nothing is sent there any more."""
    await database.run(_forget_address((caller.workspace_id, own_person(caller), kind.value)))


async def verified_address(
    database: Database, workspace_id: int, person_id: str, kind: AddressKind
) -> str | None:
    """Where this person surely is. An e-mail address counts while they sign in with it."""
    rows = await database.fetch(
        Sql(
            "SELECT a.address FROM own_address a JOIN person p "
            "ON p.workspace_id = a.workspace_id AND p.id = a.person_id "
            "WHERE a.workspace_id = $1 AND a.person_id = $2 AND a.kind = $3 "
            "AND a.verified_at IS NOT NULL AND (a.kind <> 'email' OR a.address = p.email)",
            (workspace_id, person_id, kind.value),
        )
    )
    return str(rows[0][0]) if rows else None


def own_person(caller: Caller) -> str:
    """Who asks. Raises `Forbidden` for a program."""
    if caller.person_id is None:
        raise Forbidden("An API token has no address of its own. Sign in as a person.")
    return caller.person_id


async def _address(
    database: Database, workspace_id: int, person_id: str, kind: AddressKind, given: str | None
) -> str:
    if kind is AddressKind.PHONE:
        return _phone(given or "")
    email = await _email_of(database, workspace_id, person_id)
    if not email:
        raise Invalid(_NO_EMAIL, code="email_needed")
    return email


def _phone(given: str) -> str:
    number = str(CONVERSIONS["phone"](given))
    is_phone, _ = FORMATS["phone"]
    if not (is_phone(given.strip()) and number.startswith("+") and len(number) in _PHONE_DIGITS):
        raise Invalid(
            "Write the phone number with its country code, such as +48 600 100 200.",
            code="bad_phone",
        )
    return number


async def _email_of(database: Database, workspace_id: int, person_id: str) -> str | None:
    rows = await database.fetch(
        Sql(
            "SELECT email FROM person WHERE workspace_id = $1 AND id = $2",
            (workspace_id, person_id),
        )
    )
    return str(rows[0][0]) if rows and rows[0][0] else None


def _letter(sender: Sender, kind: AddressKind, workspace_id: int, person_id: str) -> NewDispatch:
    """The message with the mark where the code will stand, in the reader's language."""
    subject = said("Your code for Cartwheel")
    text = said("Your code for Cartwheel is {0}. It works once, for 15 minutes.")
    ask = said("If you did not ask for it, somebody mistyped an address; there is nothing to do.")
    words = f"{text.replace('{0}', MARK)} {ask}"
    return NewDispatch(
        workspace_id=workspace_id,
        id=new_id(),
        person_id=person_id,
        kind=CODE,
        address_kind=kind.value,
        node_type=sender.node_type.ref,
        connection_id=sender.connection.id,
        config=dump_json(sender.config(subject, words)),
    )


# --- the book ---


def _addresses_of(workspace_id: int, person_id: str) -> Sql:
    """kind, address, verified_at, code_id, code_expires_at, the letter's status and error."""
    return Sql(
        "SELECT a.kind, a.address, a.verified_at, a.code_id, a.code_expires_at, d.status, d.error "
        "FROM own_address a LEFT JOIN dispatch d "
        "ON d.workspace_id = a.workspace_id AND d.id = a.code_id "
        "WHERE a.workspace_id = $1 AND a.person_id = $2",
        (workspace_id, person_id),
    )


def _throttles(letter: NewDispatch, address: str) -> Iterator[Throttle]:
    for key in (f"{letter.workspace_id}:{letter.person_id}", f"to:{address}"):
        yield Throttle(f"codes:{key}", FREE_CODES, _TOO_MANY_CODES)


def _begin_code(letter: NewDispatch, address: str, now: int) -> Transaction[None]:
    """From now on this letter's code counts, and no earlier one."""
    yield from count_within(tuple(_throttles(letter, address)), now)
    yield from add_dispatch(letter, now)
    yield Sql(
        "INSERT INTO own_address (workspace_id, person_id, kind, address, verified_at, code_id, "
        "code_expires_at, code_tries) VALUES ($1, $2, $3, $4, NULL, $5, $6, 0) "
        "ON CONFLICT (workspace_id, person_id, kind) DO UPDATE SET address = excluded.address, "
        "verified_at = NULL, code_id = excluded.code_id, "
        "code_expires_at = excluded.code_expires_at, code_tries = 0",
        (letter.workspace_id, letter.person_id, letter.address_kind, address, letter.id,
         now + LASTS_MS),
    )  # fmt: skip


def _count_guess(place: tuple[int, str, str], now: int) -> Transaction[tuple[str, str] | None]:
    """The address and letter of the code that is guessed at; counted before it is looked at."""
    rows = yield Sql(
        "UPDATE own_address SET code_tries = code_tries + 1 WHERE workspace_id = $1 "
        "AND person_id = $2 AND kind = $3 AND code_id IS NOT NULL AND code_expires_at > $4 "
        "AND code_tries < $5 RETURNING address, code_id",
        (*place, now, MOST_TRIES),
    )
    return (str(rows[0][0]), str(rows[0][1])) if rows else None


def _confirm_address(place: tuple[int, str, str], letter_id: str, now: int) -> Transaction[bool]:
    """One conditional update spends the code."""
    rows = yield Sql(
        "UPDATE own_address SET verified_at = $5, code_id = NULL WHERE workspace_id = $1 "
        "AND person_id = $2 AND kind = $3 AND code_id = $4 RETURNING kind",
        (*place, letter_id, now),
    )
    return bool(rows)


def _forget_address(place: tuple[int, str, str]) -> Transaction[None]:
    yield Sql(
        "DELETE FROM own_address WHERE workspace_id = $1 AND person_id = $2 AND kind = $3", place
    )
