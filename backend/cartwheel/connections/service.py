"""Looking after a merchant's connections: made and changed only with a test, secrets one way."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from cartwheel.accounts.random_secrets import new_secret
from cartwheel.catalog.apps import App, AppChoices
from cartwheel.catalog.registry import Registry
from cartwheel.catalog.senders import sender_of
from cartwheel.clock import new_id, now_ms
from cartwheel.connections import store
from cartwheel.connections.choosing import SANDBOX
from cartwheel.connections.forms import check_destination, check_form, refused_form
from cartwheel.connections.hooks import FORMER_SECRET, SIGNING_SECRET, Hooks
from cartwheel.connections.models import Connection
from cartwheel.connections.schemas import ConnectionChange, NewConnection
from cartwheel.connections.testing import ConnectionTester, Tested
from cartwheel.connections.vault import SecretPlace, Vault
from cartwheel.database import Database
from cartwheel.errors import Conflict, Invalid
from cartwheel.node_sdk import ConnectionInfo
from cartwheel.outbound.redaction import remember

Json = Any
FORMER_VALID_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Saved:
    """A stored connection, the secrets it has, and a signing secret that we just made."""

    connection: Connection
    secrets: frozenset[str]
    revealed: str | None = field(default=None, repr=False)


async def ensure_sandbox(database: Database, workspace_id: int) -> None:
    """See that the workspace has its sandbox."""
    await database.run(store.add_sandbox(workspace_id, now_ms()))


class Connections:
    """One process's desk for connections."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        registry: Registry,
        tester: ConnectionTester,
        hooks: Hooks,
    ) -> None:
        self._database, self._vault, self._registry = database, vault, registry
        self._tester, self._hooks = tester, hooks

    def app(self, name: str) -> App | None:
        """The app of this name; None when its catalogue is not installed any more."""
        return self._registry.apps.get(name)

    # --- looking ---

    async def listed(self, workspace_id: int, after: str | None, limit: int) -> list[Saved]:
        """Connections by id, after the id `after`."""
        async with self._database.read() as session:
            found = await store.list_connections(session, workspace_id, after, limit)
            ids = [each.id for each in found]
            secrets = await store.secret_fields(session, workspace_id, ids)
        return [Saved(each, frozenset(secrets.get(each.id, ()))) for each in found]

    async def get(self, workspace_id: int, connection_id: str) -> Saved:
        """One connection. Raises `NotFound`."""
        async with self._database.read() as session:
            found = await store.find_connection(session, workspace_id, connection_id)
            secrets = await store.secret_fields(session, workspace_id, [found.id])
        return Saved(found, frozenset(secrets.get(found.id, ())))

    async def ask(self, workspace_id: int, connection_id: str, choices: AppChoices) -> Json:
        """What a connection's app answers to the question for some choices, as JSON.

        Raises `NotFound`, and `NodeError` with the reason where there is no answer.
        """
        row, secrets = await self._opened(workspace_id, connection_id)
        if choices.request is None:
            return None
        app = self._known_app(row.app)
        return await self._tester.read(app, choices.request, _info(row), secrets)

    # --- making and changing ---

    async def create(self, workspace_id: int, given: NewConnection) -> Saved:
        """Test and store a connection. Raises `Invalid`, also when the test fails."""
        app = self._known_app(given.app)
        secrets = {name: secret for name, secret in given.secrets.items() if secret}
        check_form(app, given.settings, secrets)
        revealed = _made_secret(app) if SIGNING_SECRET not in secrets else None
        if revealed:
            secrets[SIGNING_SECRET] = revealed
        row = _new_row(workspace_id, app, given)
        tested = await self._tested(app, row, secrets, keep=given.save_anyway)
        _note(row, tested)
        async with self._database.write() as session:
            session.add(row)
            await session.flush()
            await self._write(session, row, secrets)
            if given.is_default:
                await self._make_default(session, row, app)
        return Saved(row, frozenset(secrets), revealed)

    async def change(
        self, workspace_id: int, connection_id: str, change: ConnectionChange
    ) -> Saved:
        """Change a connection, testing it again when that could matter. Raises `NotFound`,
        `Invalid`."""
        before, old = await self._opened(workspace_id, connection_id)
        app = self._known_app(before.app)
        settings = before.settings if change.settings is None else change.settings
        new = {name: secret for name, secret in change.secrets.items() if secret}
        gone = {name for name, secret in change.secrets.items() if secret is None}
        kept = {name: old[name] for name in old.keys() - new.keys() - gone - {FORMER_SECRET}}
        check_destination(app, before.settings, settings, frozenset(kept))
        check_form(app, settings, {**kept, **new})
        tested = None
        if settings != before.settings or new or gone:
            before.settings = settings
            tested = await self._tested(app, before, {**kept, **new}, keep=change.save_anyway)
        async with self._database.write() as session:
            row = await store.find_connection(session, workspace_id, connection_id, locked=True)
            was_refused = row.refused_at is not None
            _rewrite(row, app, settings, change, tested)
            await store.delete_secrets(session, workspace_id, connection_id, gone)
            await self._write(session, row, new, former=old.get(SIGNING_SECRET))
            if change.is_default:
                await self._make_default(session, row, app)
            session.add(row)
        self._hooks.forget(connection_id)
        await self._release(row, was_refused=was_refused)
        return await self.get(workspace_id, connection_id)

    async def delete(self, workspace_id: int, connection_id: str) -> list[tuple[str, str]]:
        """Delete a connection and its secrets; returns id and name of active workflows that used
        it. Raises `NotFound`, and `Conflict` for the sandbox."""
        async with self._database.write() as session:
            row = await store.find_connection(session, workspace_id, connection_id, locked=True)
            if row.app == SANDBOX:
                raise Conflict("The sandbox is always there; it cannot be deleted.")
            row.deleted_at, row.hook_key, row.is_default = now_ms(), None, False
            session.add(row)
            await store.delete_secrets(session, workspace_id, connection_id)
        self._hooks.forget(connection_id)
        used = await self._database.fetch(store.using_workflows(workspace_id, connection_id))
        return [(str(found[0]), str(found[1])) for found in used]

    async def test(self, workspace_id: int, connection_id: str) -> Saved:
        """Ask the app whether the connection works, and note what it said. Raises `NotFound`."""
        before, secrets = await self._opened(workspace_id, connection_id)
        tested = await self._tester.test(self._known_app(before.app), _info(before), secrets)
        async with self._database.write() as session:
            row = await store.find_connection(session, workspace_id, connection_id, locked=True)
            was_refused = row.refused_at is not None
            _note(row, tested)
            session.add(row)
        await self._release(row, was_refused=was_refused)
        return await self.get(workspace_id, connection_id)

    async def renew_signing_secret(
        self, workspace_id: int, connection_id: str, given: str | None
    ) -> tuple[str | None, int | None]:
        """A new signing secret; the former one counts for 24 hours more.

        Returns the secret where we made it, and when the former one ends (ms). Raises `Conflict`
        for an app that sends no webhooks.
        """
        before, old = await self._opened(workspace_id, connection_id)
        app = self._known_app(before.app)
        if app.webhook is None:
            raise Conflict(f"{app.label} sends no webhooks, so there is nothing to sign.")
        made = None if given else _made_secret(app)
        secret = given or made
        if not secret:
            words = f"Paste the new secret here: {app.label} makes it, not we."
            raise refused_form([("/secret", words)])
        if fault := sender_of(app).secret_fault(secret):
            raise refused_form([("/secret", fault)])
        async with self._database.write() as session:
            row = await store.find_connection(session, workspace_id, connection_id, locked=True)
            former = old.get(SIGNING_SECRET)
            ends_at = await self._write(session, row, {SIGNING_SECRET: secret}, former=former)
        self._hooks.forget(connection_id)
        return made, ends_at

    # --- steps of these ---

    def _known_app(self, name: str) -> App:
        app = self._registry.apps.get(name)
        if app is None:
            raise refused_form([("/app", f"There is no app called “{name[:64]}” here.")])
        return app

    async def _opened(
        self, workspace_id: int, connection_id: str
    ) -> tuple[Connection, dict[str, str]]:
        async with self._database.read() as session:
            row = await store.find_connection(session, workspace_id, connection_id)
            secrets = await store.open_secrets(session, self._vault, workspace_id, row.id)
        return row, secrets

    async def _tested(
        self, app: App, row: Connection, secrets: Mapping[str, str], *, keep: bool
    ) -> Tested:
        for secret in secrets.values():
            remember(secret)
        tested = await self._tester.test(app, _info(row), secrets)
        if tested.failed and not keep:
            raise Invalid(tested.error or "The test failed.", code="connection_test_failed")
        return tested

    async def _write(
        self,
        session: AsyncSession,
        row: Connection,
        secrets: Mapping[str, str],
        *,
        former: str | None = None,
    ) -> int | None:
        """Store secrets; a signing secret that this replaces stays valid a while. Returns when it
        ends."""
        ends_at = None
        renewed = secrets.get(SIGNING_SECRET)
        if renewed and former and renewed != former:
            ends_at = now_ms() + FORMER_VALID_MS
            place = SecretPlace(row.workspace_id, row.id, FORMER_SECRET)
            await store.write_secret(session, self._vault, place, former, ends_at)
        for name, secret in secrets.items():
            place = SecretPlace(row.workspace_id, row.id, name)
            await store.write_secret(session, self._vault, place, secret, None)
        return ends_at

    async def _release(self, row: Connection, *, was_refused: bool) -> None:
        """Runs that waited until the connection is mended go on."""
        if was_refused and row.refused_at is None:
            await self._database.run(store.release_waiting_runs(row.workspace_id, row.id, now_ms()))

    async def _make_default(self, session: AsyncSession, row: Connection, app: App) -> None:
        """One default for each channel; an app without channels has one of its own."""
        rivals = [
            each.id
            for each in self._registry.apps.values()
            if each.id == app.id or set(each.channels) & set(app.channels)
        ]
        await store.take_default_from(session, row.workspace_id, rivals, row.id)


def _new_row(workspace_id: int, app: App, given: NewConnection) -> Connection:
    if app.id == SANDBOX:
        raise Conflict("There is a sandbox already; one is enough.")
    now = now_ms()
    return Connection(
        workspace_id=workspace_id,
        id=new_id(),
        app=app.id,
        name=given.name,
        settings=given.settings,
        hook_key=_new_hook_key(app),
        is_default=given.is_default,
        created_at=now,
        updated_at=now,
    )


def _rewrite(
    row: Connection,
    app: App,
    settings: Mapping[str, Any],
    change: ConnectionChange,
    tested: Tested | None,
) -> None:
    row.settings, row.name = dict(settings), change.name or row.name
    row.updated_at = now_ms()
    row.hook_key = row.hook_key or _new_hook_key(app)
    if change.is_default is not None:
        row.is_default = change.is_default
    _note(row, tested)
    if tested is not None:  # Somebody mended it, or insists that it works.
        row.refused_at = None


def _new_hook_key(app: App) -> str | None:
    """Connections from before their app sent anything get theirs when they are next changed."""
    return new_secret() if app.webhook else None


def _made_secret(app: App) -> str | None:
    """A signing secret of our own making, where the app takes one."""
    if app.webhook is None or not sender_of(app).makes_secrets:
        return None
    return sender_of(app).as_secret(os.urandom(32))


def _info(row: Connection) -> ConnectionInfo:
    return ConnectionInfo(row.id, row.app, row.name, row.settings)


def _note(row: Connection, tested: Tested | None) -> None:
    if tested is None:
        return
    row.status, row.error, row.checked_at = tested.status.value, tested.error, now_ms()
    if not tested.failed and row.refused_at is not None:
        row.refused_at, row.updated_at = None, now_ms()
