"""Providers of each delivery class, misbehaving as they are told, and the steps that use them.

An order's id says how the provider takes the first attempt on it ("504-done" ...); after that it
behaves. It counts what it was asked and what it did, by the key of the act.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from zlib import crc32

import orjson

from cartwheel.catalog.lookups import Lookup
from cartwheel.catalog.node_type import NodeType, RetryPlan
from cartwheel.catalog.refusals import RefusalTable
from cartwheel.catalog.registry import Registry
from cartwheel.catalog.request_block import RequestBlock
from cartwheel.node_sdk import Context, Emit, HttpRequest, Json
from tests.engine.node_types import node_type, registry_with

CLASSES = ("keyed", "lookup", "plain")
SOON = RetryPlan((0.02, 0.02, 0.02, 0.02))
_CONNECTED = {
    "type": "object",
    "properties": {"connection": {"type": "string", "x-connection-app": ["http"]}},
}


@dataclass
class ActProvider:
    """Acts on orders; `POST /acts` acts, `GET /acts/<key>` tells what came of a key."""

    asked: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    keys: dict[str, str] = field(default_factory=dict)
    hold: asyncio.Event | None = None
    is_mended: bool = False
    retry_after: str = "30"
    per_second: float | None = None
    port: int = 0
    _free_at: float = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            if head.startswith("GET"):
                self._tell(head.split()[1].rpartition("/")[2], writer)
            else:
                length = int(head.lower().partition("content-length:")[2].split("\r\n")[0])
                await self._act(orjson.loads(await reader.readexactly(length)), writer)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # A worker was killed.
        finally:
            writer.close()

    def _is_too_much(self) -> bool:
        """Whether this call comes sooner than `per_second` of the orders "many/..." allow."""
        now = time.monotonic()
        if self.per_second is None or self._free_at > now:
            return self.per_second is not None
        self._free_at = max(self._free_at, now - 3 / self.per_second) + 1 / self.per_second
        return False

    def _tell(self, key: str, writer: asyncio.StreamWriter) -> None:
        order = self.keys.get(key, "")
        self.told[order] += 1
        if "mute" in order:
            writer.write(_answer(200, b"<p>Down for a moment</p>"))
        else:
            acts = [{"id": f"a-{order}"}] if self.done[order] else []
            writer.write(_answer(200, orjson.dumps({"acts": acts})))

    async def _act(self, given: dict[str, str], writer: asyncio.StreamWriter) -> None:
        key, order, keyed = given["key"], given["order"], given["class"] == "keyed"
        self.asked[order] += 1
        self.keys[key] = order
        behaviour = order.partition("/")[0] if self.asked[order] == 1 else "fine"
        if order.startswith("many/") and self._is_too_much():
            behaviour = "429"
        if order.startswith("shaky/") and crc32(f"{order}/{self.asked[order]}".encode()) % 3 == 0:
            behaviour = "500"
        if behaviour == "401":
            behaviour = "fine" if self.is_mended else "401"
        if not behaviour.endswith("-undone") and behaviour not in _REFUSED:
            self.done[order] += not (keyed and self.done[order])
        if behaviour.startswith("held") and self.hold is not None:
            await self.hold.wait()
        self._speak(behaviour, order, writer)

    def _speak(self, behaviour: str, order: str, writer: asyncio.StreamWriter) -> None:
        whole = _answer(200, orjson.dumps({"id": f"a-{order}"}))
        match behaviour.partition("-")[0]:
            case "garbage":
                writer.write(_answer(200, b"\xff<html>{"))
            case "half":
                writer.write(whole[:-4])
            case "reset":
                writer.write(whole[:-4])
                writer.transport.abort()
            case "dropped":
                writer.transport.abort()
            case "429":
                writer.write(_answer(429, b"{}", f"Retry-After: {self.retry_after}"))
            case status if status.isdecimal():
                writer.write(_answer(int(status)))
            case _:
                writer.write(whole)


_REFUSED = {"400", "401", "404", "429", "500", "503"}


def http_date(seconds: float) -> str:
    """A moment from now as `Retry-After` may name it."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def _answer(status: int, body: bytes = b"{}", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", "Content-Type: application/json", "Connection: close"]
    lines += [f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@asynccontextmanager
async def provider_at_work() -> AsyncIterator[ActProvider]:
    outside = ActProvider()
    server = await asyncio.start_server(outside.serve, "127.0.0.1", 0)
    outside.port = server.sockets[0].getsockname()[1]
    yield outside
    server.close()


def act_type(delivery: str, retry: RetryPlan = SOON, timeout_seconds: float = 30.0) -> NodeType:
    """A step that acts on the order, of this delivery class; a call may take so long."""

    async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
        assert ctx.connection is not None
        body = {"key": ctx.effect_key, "order": ctx.scope["order"]["id"], "class": delivery}
        url = f"{ctx.connection.settings['address']}/acts"
        asked = HttpRequest("POST", url, body=body, timeout_seconds=timeout_seconds)
        answer = await ctx.send(asked)
        return Emit("done", answer.body if isinstance(answer.body, dict) else None)

    question = RequestBlock("GET", "{connection/address}/acts/{key}")
    return node_type(
        f"action.act_{delivery}",
        run,
        _CONNECTED,
        effect="write",
        delivery=delivery,
        lookup=Lookup(question, "/acts/0") if delivery == "lookup" else None,
        retry=retry,
        refusals=RefusalTable("Acme", words_at=("/message",)),
    )


def registry_of_acts(retry: RetryPlan = SOON, timeout_seconds: float = 30.0) -> Registry:
    """The installed catalogue and a step of each class."""
    return registry_with(*(act_type(each, retry, timeout_seconds) for each in CLASSES))
