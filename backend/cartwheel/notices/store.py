"""The book of letters about troubles: who wants them, and what was told when."""

from collections.abc import Sequence

from cartwheel.database import dump_json
from cartwheel.notices.letters import Letter
from cartwheel.notices.troubles import USUAL_FAILURES, Trouble
from cartwheel.proofs.door import AddressKind
from cartwheel.proofs.post import NOTICE, PROOF, DispatchStatus, NewDispatch, add_dispatch
from cartwheel.proofs.senders import Sender
from cartwheel.statements import Row, Sql, Transaction
from cartwheel.values import dataclass


@dataclass(frozen=True, slots=True)
class Reader:
    """One of the workspace's people. `language` is the one of their letters; `is_reachable`: their
    e-mail address is verified, and still the one they sign in with."""

    person_id: str
    name: str
    email: str | None
    role: str
    wants: bool
    language: str
    is_reachable: bool


@dataclass(frozen=True, slots=True)
class LostLetter:
    """A letter that did not arrive: refused for good, in doubt, or (`due`) to be tried again.

    `to` is the address it was on its way to, if it came so far; `error` in lines, what happened and
    what to do; `at` in ms.
    """

    status: DispatchStatus
    to: str | None
    error: str
    at: int


@dataclass(frozen=True, slots=True)
class Rule:
    """When a workspace is told. `told_at` in ms, 0 for never; it changes with each letter."""

    shop: str
    failures: int
    told_at: int


def rule_row(workspace_id: int) -> Sql:
    """Columns of `Rule`."""
    return Sql(
        f"SELECT w.name, coalesce(s.failures, {USUAL_FAILURES}), coalesce(s.told_at, 0) "  # noqa: S608
        "FROM workspace w LEFT JOIN notice_setting s ON s.workspace_id = w.id WHERE w.id = $1",
        (workspace_id,),
    )


def reader_rows(workspace_id: int) -> Sql:
    """Rows for `read_reader`: everybody, the owner first."""
    return Sql(
        "SELECT p.id, p.name, p.email, p.role, n.wants, coalesce(n.language, w.locale), "
        "CASE WHEN a.verified_at IS NOT NULL AND a.address = p.email THEN 1 ELSE 0 END "
        "FROM person p JOIN workspace w ON w.id = p.workspace_id "
        "LEFT JOIN notice_reader n ON n.workspace_id = p.workspace_id AND n.person_id = p.id "
        "LEFT JOIN own_address a ON a.workspace_id = p.workspace_id AND a.person_id = p.id "
        "AND a.kind = 'email' WHERE p.workspace_id = $1 ORDER BY p.created_at, p.id",
        (workspace_id,),
    )


_ENDED = "(status = 'sent' OR (status IN ('due', 'refused', 'unknown') AND error IS NOT NULL))"
"""Of a letter on its way nothing is known yet, and one that was called back is no trouble."""


def newest_letters(workspace_id: int) -> Sql:
    """Rows for `read_letter`: of each person the newest letter of which something is known, a test
    letter too; with the person's id before."""
    return Sql(
        'SELECT person_id, status, "to", error, at FROM (SELECT person_id, status, "to", error, '  # noqa: S608
        "coalesce(finished_at, created_at) AS at, row_number() OVER "
        "(PARTITION BY person_id ORDER BY created_at DESC, id DESC) AS place FROM dispatch "
        f"WHERE workspace_id = $1 AND (kind = '{NOTICE}' OR (kind = '{PROOF}' "
        f"AND workflow_id IS NULL)) AND {_ENDED}) AS newest WHERE place = 1",
        (workspace_id,),
    )


def read_letter(row: Row) -> tuple[str, LostLetter | None]:
    """A row of `newest_letters`: whose it is, and what became of it unless it arrived."""
    person_id, status, to, error, at = row
    if status == DispatchStatus.SENT:
        return person_id, None
    return person_id, LostLetter(DispatchStatus(status), to, error or "", at)


def read_reader(row: Row) -> Reader:
    """A row of `reader_rows`."""
    person_id, name, email, role, wants, language, reachable = row
    wanted = role == "owner" if wants is None else bool(wants)
    return Reader(person_id, name, email, role, wanted, language.split("-")[0], bool(reachable))


def addressed(
    workspace_id: int, reader: Reader, sender: Sender, letter: Letter, kind: str, letter_id: str
) -> NewDispatch:
    """A letter as a dispatch to one person's own address."""
    return NewDispatch(
        workspace_id=workspace_id,
        id=letter_id,
        person_id=reader.person_id,
        kind=kind,
        address_kind=AddressKind.EMAIL.value,
        node_type=sender.node_type.ref,
        connection_id=sender.connection.id,
        config=dump_json(sender.config(letter.subject, letter.body)),
    )


def tell(
    rule: Rule, troubles: Sequence[Trouble], letters: Sequence[NewDispatch], now: int
) -> Transaction[bool]:
    """Put letters in the post, and that these troubles were told: at once or not at all.

    False where somebody was told since `rule` was read: of the workers that look, one finds the
    time it saw.
    """
    workspace_id = troubles[0].workspace_id
    yield _settle(workspace_id)
    moved = yield Sql(
        "UPDATE notice_setting SET told_at = $3 WHERE workspace_id = $1 AND told_at = $2 "
        "RETURNING workspace_id",
        (workspace_id, rule.told_at, now),
    )
    if not moved:
        return False
    for trouble in troubles:
        yield Sql(
            "INSERT INTO told_trouble (workspace_id, kind, subject_id, began_at, told_at, seen_at) "
            "VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (workspace_id, kind, subject_id) "
            "DO UPDATE SET began_at = excluded.began_at, told_at = excluded.told_at, "
            "seen_at = excluded.seen_at",
            (trouble.workspace_id, trouble.kind.value, trouble.subject_id,
             trouble.since if trouble.is_reminder else now, now),
        )  # fmt: skip
    for letter in letters:
        yield from add_dispatch(letter, now)
    return True


def still_there(troubles: Sequence[Trouble], now: int) -> Transaction[None]:
    """They were told, and they last."""
    for trouble in troubles:
        yield Sql(
            "UPDATE told_trouble SET seen_at = $4 WHERE workspace_id = $1 AND kind = $2 "
            "AND subject_id = $3 AND seen_at < $4",
            (trouble.workspace_id, trouble.kind.value, trouble.subject_id, now),
        )


def set_failures(workspace_id: int, failures: int) -> Transaction[None]:
    """How many failures within an hour are told; 0: none ever are."""
    yield _settle(workspace_id)
    yield Sql(
        "UPDATE notice_setting SET failures = $2 WHERE workspace_id = $1", (workspace_id, failures)
    )
    if failures == 0:
        yield _call_back("workspace_id = $1", workspace_id)


def set_reader(
    workspace_id: int, person_id: str, wants: bool, language: str | None
) -> Transaction[bool]:
    """Whether a person gets the letters; False where there is no such person. Letters that have
    not left are called back."""
    rows = yield Sql(
        "INSERT INTO notice_reader (workspace_id, person_id, wants, language) "
        "SELECT workspace_id, id, $3, CAST($4 AS TEXT) FROM person "
        "WHERE workspace_id = $1 AND id = $2 "
        "ON CONFLICT (workspace_id, person_id) DO UPDATE SET wants = excluded.wants, "
        "language = coalesce(excluded.language, notice_reader.language) RETURNING person_id",
        (workspace_id, person_id, wants, language),
    )
    if rows and not wants:
        yield _call_back("workspace_id = $1 AND person_id = $2", workspace_id, person_id)
    return bool(rows)


def _settle(workspace_id: int) -> Sql:
    return Sql(
        f"INSERT INTO notice_setting (workspace_id, failures, told_at) "  # noqa: S608
        f"VALUES ($1, {USUAL_FAILURES}, 0) ON CONFLICT DO NOTHING",
        (workspace_id,),
    )


def _call_back(which: str, *args: int | str) -> Sql:
    return Sql(
        "UPDATE dispatch SET status = 'refused', due_at = NULL "  # noqa: S608
        f"WHERE {which} AND kind = '{NOTICE}' AND status = 'due'",
        args,
    )
