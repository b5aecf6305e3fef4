"""A shop that tells us of its orders as Shopify does: signed, 12 kB each, some of them twice."""

import asyncio
from dataclasses import dataclass

import httpx

from benchmarks.ingress import order
from cartwheel.connections.vault import Vault, load_secret_key
from cartwheel.settings import load_settings
from tests.recovery.installation import Installation
from tests.webhooks.senders import Sender, connect

ONE_IN_TWICE = 20
LANES = 32


@dataclass(frozen=True)
class SigningShop:
    """A connected shop. Order number n is delivered under the id `delivery-n`."""

    installation: Installation
    sender: Sender

    async def deliver(self, client: httpx.AsyncClient, numbers: range) -> None:
        """Tell of these orders, several at a time; every twentieth is delivered twice at once."""
        waiting = iter(numbers)

        async def lane() -> None:
            for number in waiting:
                times = 2 if number % ONE_IN_TWICE == 0 else 1
                await asyncio.gather(*(self._one(client, number) for _ in range(times)))

        await asyncio.gather(*(lane() for _ in range(LANES)))

    async def _one(self, client: httpx.AsyncClient, number: int) -> None:
        body = order(number)
        headers = self.sender.headers(body, id=f"delivery-{number}")
        await self.installation.deliver(client, self.sender.path, content=body, headers=headers)


async def connected_shop(installation: Installation) -> SigningShop:
    """A Shopify shop with a connection of its own."""
    settings = load_settings({"CARTWHEEL_DATA_DIR": str(installation.data)})
    vault = Vault(load_secret_key(settings))
    return SigningShop(installation, await connect(installation.database, vault, "shopify"))
