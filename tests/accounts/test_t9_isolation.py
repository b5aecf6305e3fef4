"""TRUST.md T9: what belongs to another workspace does not exist, for every operation of the API.

Generated from the API's own description: an operation that is added tomorrow is tested tomorrow.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI

from cartwheel.accounts.cookies import COOKIE
from cartwheel.accounts.models import Person, Role
from cartwheel.accounts.sessions import start_session
from cartwheel.clock import new_id, now_ms
from cartwheel.database import Database
from tests.accounts.objects import (
    FILLERS,
    MAKERS,
    SAME_AS,
    Wanted,
    everything_of,
    make_everything,
    make_workspace,
    new_ids,
)
from tests.accounts.operations import Operation, body_fields, operations
from tests.conftest import browser

THEIRS, OURS = 1, 2
NOBODYS = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
ALL = [operation for operation in operations() if operation.path.startswith("/api/")]
READING = [each for each in ALL if each.method == "GET" and not (each.is_open or each.is_stream)]
WRITING = [each for each in ALL if each.method != "GET" and not each.is_open]
WITH_ID = [operation for operation in ALL if any(name in MAKERS for name in operation.in_path)]
# Isolation is one WHERE clause in both databases' one set of statements; SQLite is the quicker one.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(frozen=True)
class Street:
    """Two shops in one house: the ids of what ours owns, its people, and the other one's."""

    ids: Mapping[str, str]
    neighbours: Mapping[Role, httpx.AsyncClient]
    family: Mapping[Role, httpx.AsyncClient]


@pytest.fixture
async def street(app: FastAPI, database: Database) -> AsyncIterator[Street]:
    """Both workspaces, each with an owner, an admin, an editor and a viewer."""
    await make_workspace(database, OURS)
    async with AsyncExitStack() as opened:
        yield Street(
            ids=new_ids(),
            neighbours=await _people(app, database, THEIRS, opened),
            family=await _people(app, database, OURS, opened),
        )


@pytest.fixture
async def ours(street: Street, database: Database) -> None:
    """One object of each kind in our workspace."""
    await make_everything(database, Wanted(OURS, street.ids, "ours"))


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize("operation", WITH_ID, ids=str)
async def test_a_neighbours_id_is_answered_like_one_that_does_not_exist(
    street: Street, operation: Operation
) -> None:
    for role, neighbour in street.neighbours.items():
        foreign = await _ask(neighbour, operation, street.ids)
        missing = await _ask(neighbour, operation, dict.fromkeys(street.ids, NOBODYS))
        expected = 403 if _is_too_much_for(role, operation, foreign) else 404
        assert foreign.status_code == expected, f"{role} got {foreign.text[:200]}"
        assert _body(foreign, street.ids) == _body(missing, {"": NOBODYS})


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize("operation", WITH_ID, ids=str)
async def test_our_own_id_is_found_so_the_other_answers_mean_something(
    street: Street, operation: Operation
) -> None:
    answer = await _ask(street.family[Role.OWNER], operation, street.ids)
    assert answer.status_code < 500
    assert answer.status_code not in {401, 403, 404}, answer.text[:300]


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize("operation", WITH_ID, ids=str)
async def test_without_a_session_an_id_is_not_even_looked_at(
    app: FastAPI, street: Street, operation: Operation
) -> None:
    async with browser(app) as stranger:
        answer = await _ask(stranger, operation, street.ids)
    assert answer.status_code == 401


@pytest.mark.parametrize("operation", READING, ids=str)
async def test_what_a_neighbour_reads_does_not_depend_on_things_of_ours_with_the_same_id(
    street: Street, database: Database, operation: Operation
) -> None:
    await make_everything(database, Wanted(THEIRS, street.ids, "theirs"))
    without = await _ask(street.neighbours[Role.OWNER], operation, street.ids)
    await make_everything(database, Wanted(OURS, street.ids, "ours", versions=3))
    beside = await _ask(street.neighbours[Role.OWNER], operation, street.ids)
    assert without.status_code == 200
    # A file is compared as it is; JSON may list its members in any order.
    is_json = "json" in without.headers["content-type"]
    assert (beside.json() == without.json()) if is_json else (beside.content == without.content)


@pytest.mark.parametrize("operation", WRITING, ids=str)
async def test_what_a_neighbour_changes_is_never_a_thing_of_ours_with_the_same_id(
    street: Street, database: Database, operation: Operation
) -> None:
    await make_everything(database, Wanted(THEIRS, street.ids, "theirs"))
    await make_everything(database, Wanted(OURS, street.ids, "ours", versions=3))
    before = await everything_of(database, OURS)
    answer = await _ask(street.neighbours[Role.OWNER], operation, street.ids)
    assert answer.status_code < 500
    assert await everything_of(database, OURS) == before


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize("operation", READING, ids=str)
async def test_no_list_shows_a_neighbours_things(street: Street, operation: Operation) -> None:
    answer = await _ask(street.neighbours[Role.OWNER], operation, dict.fromkeys(MAKERS, NOBODYS))
    assert not [name for name, owned in street.ids.items() if owned in answer.text]


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize(
    ("operation", "name"),
    [
        (operation, name)
        for operation in ALL
        for name in (*operation.in_query, *body_fields(operation))
        if SAME_AS.get(name, name) in MAKERS and not operation.is_stream
    ],
    ids=str,
)
async def test_a_neighbours_id_beside_the_path_is_answered_like_one_that_does_not_exist(
    street: Street, operation: Operation, name: str
) -> None:
    neighbour = street.neighbours[Role.OWNER]
    foreign_id = street.ids[SAME_AS.get(name, name)]
    foreign = await _ask(neighbour, operation, {}, {name: foreign_id})
    missing = await _ask(neighbour, operation, {}, {name: NOBODYS})
    assert foreign.status_code == missing.status_code
    assert _body(foreign, {"": foreign_id}) == _body(missing, {"": NOBODYS})


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize("operation", WRITING, ids=str)
async def test_a_viewer_changes_nothing(street: Street, operation: Operation) -> None:
    viewer = street.family[Role.VIEWER]
    if (operation.method, operation.path) in HARMLESS:
        pytest.skip("changes nothing of the workspace's")
    answer = await _ask(viewer, operation, street.ids)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


HARMLESS = {
    ("DELETE", "/api/session"),
    ("POST", "/api/password"),
    ("POST", "/api/workflows/validate"),
    ("POST", "/api/workflows/variables"),
    ("POST", "/api/workflows/simulate"),
    ("POST", "/api/workflows/{workflow_id}/simulate"),
    ("POST", "/api/workflows/{workflow_id}/rehearse"),
    ("POST", "/api/workflows/{workflow_id}/rehearse/{event_id}"),
}


async def _people(
    app: FastAPI, database: Database, workspace_id: int, opened: AsyncExitStack
) -> dict[Role, httpx.AsyncClient]:
    people = {}
    async with database.write() as session:
        for role in Role:
            person = Person(
                workspace_id=workspace_id, id=new_id(), role=role.value, created_at=now_ms()
            )
            session.add(person)
            await session.flush()
            started = start_session(session, person)
            client = await opened.enter_async_context(browser(app))
            client.cookies.set(COOKIE, started.secret)
            client.headers["X-CSRF-Token"] = started.caller.csrf or ""
            people[role] = client
    return people


async def _ask(
    client: httpx.AsyncClient,
    operation: Operation,
    ids: Mapping[str, str],
    beside: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Ask with the ids in the path, and `beside` in the query or the body."""
    beside = beside or {}
    places = {name: ids.get(name) or FILLERS.get(name, NOBODYS) for name in operation.in_path}
    body, query = operation.body(), dict(operation.needed_query)
    for name, value in beside.items():
        if name in operation.in_query:
            query[name] = value
        else:
            body = {**body, name: value}
    return await client.request(
        operation.method, operation.path.format(**places), json=body, params=query
    )


def _is_too_much_for(role: Role, operation: Operation, answer: httpx.Response) -> bool:
    """Whether this role may not even ask. Only owners and admins have nothing above them."""
    if role in {Role.OWNER, Role.ADMIN}:
        return False
    return answer.status_code == 403 and answer.json()["code"] == "forbidden"


def _body(answer: httpx.Response, ids: Mapping[str, str]) -> str:
    """The answer's body without the ids that were asked for."""
    text = answer.text
    for owned in ids.values():
        text = text.replace(owned, "…")
    return text
