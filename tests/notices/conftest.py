"""A shop whose runs fail, its owner's mailbox, and a worker's watch over it."""

from dataclasses import dataclass, field

import pytest

from cartwheel.catalog.registry import load_registry
from cartwheel.clock import first_id_at, now_ms
from cartwheel.database import Database
from cartwheel.notices.tasks import Watch
from cartwheel.runs.models import Run
from cartwheel.statements import Sql
from tests.proofs.conftest import Merchant, PostOffice, merchant, office
from tests.runs.conftest import START, Shop, chain, node

__all__ = ["merchant", "office"]

BASE = "https://flows.example"
ERROR = {
    "code": "refused", "message": "The mail server refused the message.",
    "fix": "Look at the address.", "node_id": "call",
}  # fmt: skip
CALL = node("call", "action.http_request@1", method="GET", url="https://shop.example")
MINUTE = 60_000


@dataclass
class Owner:
    """The owner, whose address is verified, and whose shop's workflows fail."""

    merchant: Merchant
    database: Database
    watches: list[Watch]
    event_id: str = ""
    made: int = 0
    workflows: list[str] = field(default_factory=list)

    @property
    def office(self) -> PostOffice:
        return self.merchant.office

    async def workflow(self, workspace_id: int = 1) -> str:
        """A live workflow."""
        return await Shop(self.database, workspace_id).activate(chain(START, CALL))

    async def ended(
        self, workflow_id: str, *statuses: str, ago: int = MINUTE, workspace_id: int = 1
    ) -> list[str]:
        """Runs of it that ended so long ago, the last one last; returns their ids."""
        event_id = await Shop(self.database, workspace_id).happen()
        ids = []
        async with self.database.write() as session:
            for status in statuses:
                self.made += 1
                at = now_ms() - ago
                ids.append(first_id_at(at)[:16] + f"{self.made:010}")
                session.add(
                    Run(
                        workspace_id=workspace_id,
                        id=ids[-1],
                        workflow_id=workflow_id,
                        version=1,
                        event_id=event_id,
                        subject=str(self.made),
                        status=status,
                        created_at=at,
                        finished_at=at,
                        error=None if status == "succeeded" else ERROR,
                    )
                )
        return ids

    async def look(self, times: int = 1) -> list[str]:
        """The worker looks, and its post leaves; the subjects of the letters that arrived."""
        self.office.letters.clear()
        for _ in range(times):
            await self.watches[0].look()
        await self.merchant.post.deliver_due()
        return [str(letter["Subject"]) for letter in self.office.letters]

    async def pass_time(self, milliseconds: int) -> None:
        """All that was told or ended was so much earlier."""
        for table, columns in (
            ("told_trouble", ("told_at", "seen_at", "began_at")),
            ("notice_setting", ("told_at",)),
            ("run", ("finished_at",)),
        ):
            for column in columns:
                await self.merchant.change(
                    f"UPDATE {table} SET {column} = {column} - $1 WHERE {column} > 0",
                    milliseconds,
                )

    async def count(self, where: str = "kind = 'notice'") -> int:
        """How many dispatches there are."""
        rows = await self.database.fetch(Sql(f"SELECT count(*) FROM dispatch WHERE {where}"))
        return int(rows[0][0])


@pytest.fixture
async def owner(merchant: Merchant, database: Database) -> Owner:
    """The owner with a verified address, and one worker's watch."""
    await merchant.verify()
    return Owner(merchant, database, [Watch(database, load_registry(), BASE)])
