"""The worker's look at what fails: once a minute, by however many workers there are."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence

from cartwheel.catalog.registry import Registry
from cartwheel.clock import new_id, now_ms
from cartwheel.connections.rows import public_connections
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.notices import store, troubles
from cartwheel.notices.evidence import gather_evidence
from cartwheel.notices.letters import Told, compose
from cartwheel.notices.store import Reader, Rule
from cartwheel.notices.troubles import Trouble, TroubleKind
from cartwheel.proofs.door import AddressKind
from cartwheel.proofs.post import NOTICE
from cartwheel.proofs.senders import Sender, sender_for

BETWEEN_LETTERS_MS = 10 * 60_000
"""What goes wrong for one reason does so within minutes, and is told in one letter."""
_SEEN_AGAIN_MS = 10 * 60_000
_log = logging.getLogger(__name__)


class Watch:
    """Tells people of troubles; one per worker process."""

    def __init__(self, database: Database, registry: Registry, base_url: str) -> None:
        self._database, self._registry, self._base_url = database, registry, base_url

    async def look(self) -> int:
        """Put letters in the post where it is time; returns how many workspaces were told."""
        now, told = now_ms(), 0
        for workspace_id, found in (await self._found(now)).items():
            try:
                told += await self._attend(workspace_id, found, now)
            except Busy:
                raise
            except Exception:  # noqa: BLE001  (one shop's oddity must not silence the others)
                _log.exception("the troubles of workspace %d could not be told", workspace_id)
        return told

    async def _found(self, now: int) -> dict[int, list[Trouble]]:
        found: dict[int, list[Trouble]] = defaultdict(list)
        for row in await self._database.fetch(troubles.refused_connections()):
            found[row[0]].append(troubles.read_connection(row))
        for row in await self._database.fetch(troubles.failing_workflows(now)):
            found[row[0]].append(troubles.read_workflow(row, now))
        return found

    async def _attend(self, workspace_id: int, found: Sequence[Trouble], now: int) -> bool:
        known = [
            each for each in found if each.is_reminder and each.seen_at <= now - _SEEN_AGAIN_MS
        ]
        if known:
            await self._database.run(store.still_there(known, now))
        due = [each for each in found if each.is_due(now)]
        rule = Rule(*tuple((await self._database.fetch(store.rule_row(workspace_id)))[0]))
        if not due or rule.told_at > now - BETWEEN_LETTERS_MS:
            return False
        readers = await self._readers(workspace_id)
        sender = await self._sender(workspace_id)
        if not readers or sender is None:
            return False  # Nobody can be reached; the screen says so, and shows the troubles.
        told = tuple([await self._told(each, now) for each in due])
        letters = []
        for reader in readers:
            letter = compose(told, rule.shop, self._base_url, reader.language)
            posted = store.addressed(workspace_id, reader, sender, letter, NOTICE, new_id())
            letters.append(posted)
        return await self._database.run(store.tell(rule, due, letters, now))

    async def _readers(self, workspace_id: int) -> list[Reader]:
        rows = await self._database.fetch(store.reader_rows(workspace_id))
        readers: Iterable[Reader] = map(store.read_reader, rows)
        return [each for each in readers if each.wants and each.is_reachable]

    async def _sender(self, workspace_id: int) -> Sender | None:
        connections = await public_connections(self._database, workspace_id)
        return sender_for(self._registry, connections, AddressKind.EMAIL)

    async def _told(self, trouble: Trouble, now: int) -> Told:
        if trouble.kind is TroubleKind.CONNECTION:
            return Told(trouble)
        return Told(trouble, await gather_evidence(self._database, self._registry, trouble, now))
