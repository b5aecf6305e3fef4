"""Plays everything there is, in a process of its own that others seal off and watch (T0).

    python -m tests.simulation.sealed DATABASE_URL [prove]

Every connection of the workspace has secrets and leads to a canary on loopback, which counts what
reaches it. Prints `{"played": …, "canary": …, "is_alive": …, "faults": […]}`; with `prove` it calls
the canary in the end, to show that it would have been met.
"""

import asyncio
import fcntl
import json
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from cartwheel.accounts.first_start import FIRST_WORKSPACE, ensure_owner
from cartwheel.catalog.playing import SAMPLE_NOW
from cartwheel.catalog.registry import load_registry
from cartwheel.clock import now_ms
from cartwheel.connections.models import Connection
from cartwheel.connections.store import write_secret
from cartwheel.connections.vault import SecretPlace, Vault
from cartwheel.database import Database
from cartwheel.node_sdk import Json
from cartwheel.simulation.schemas import GraphSimulation, SimulationResult
from cartwheel.simulation.service import simulate_graph
from cartwheel.templates.filling import defaults, fill
from cartwheel.templates.template import load_templates

UP, SET_FLAGS = 0x1, 0x8914


class Canary:
    """Listens for HTTP and mail over TCP and for DNS over UDP, and counts whoever comes."""

    def __init__(self) -> None:
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._tcp.setblocking(False)
        self._udp.setblocking(False)
        self.port: int = self._tcp.getsockname()[1]

    def count(self) -> int:
        met = 0
        with suppress(BlockingIOError):
            while self._tcp.accept():
                met += 1
        with suppress(BlockingIOError):
            while self._udp.recvfrom(512):
                met += 1
        return met

    def is_alive(self) -> bool:
        """Whether it would have been met."""
        with socket.create_connection(("127.0.0.1", self.port)):
            return self.count() == 1


@dataclass(frozen=True)
class Scenario:
    name: str
    body: dict[str, Json]


def raise_loopback() -> None:
    """In a network namespace of its own even 127.0.0.1 is down at first."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket, suppress(OSError):
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH14x", b"lo", UP))


def scenarios() -> Iterator[Scenario]:
    """Every sample of every node type, and every template, with real connections chosen."""
    for kind in load_registry().types:
        for sample in kind.samples if kind.category != "trigger" else ():
            replies = (exchange.response for exchange in sample.exchange)
            answers = [{"status": r.status, "headers": r.headers, "body": r.body} for r in replies]
            graph = {
                "schema": 1,
                "nodes": [_node("t", "trigger.manual", {}), _node("n", kind.name, sample.config)],
                "edges": [{"id": "e", "source": "t", "sourceHandle": "done", "target": "n"}],
            }
            event = {"type": "manual", "data": sample.input}
            given = {"n": answers} if answers else {}
            body = {"graph": graph, "event": event, "answers": given, "at": SAMPLE_NOW}
            yield Scenario(f"{kind.ref} {sample.name}", body)
    for template in load_templates().values():
        graph = fill(template.graph, defaults(template.asks), template.texts)
        for node in graph["nodes"]:
            node["config"] = _connected(node["type"].partition("@")[0], node["config"])
        yield Scenario(template.id, {"graph": graph})


def _node(node_id: str, kind: str, config: Json) -> dict[str, Json]:
    version = load_registry().latest(kind).version
    config = _connected(kind, config)
    return {"id": node_id, "type": f"{kind}@{version}", "config": config, "position": {}}


def _connected(kind: str, config: Json) -> dict[str, Json]:
    apps = [app for app in load_registry().latest(kind).connection_apps if app != "sandbox"]
    return {**config, **({"connection": f"c-{apps[0]}"} if apps else {})}


async def connect_everything(database: Database, port: int) -> None:
    """A connection of every app, with its secrets, that leads to the canary where it can."""
    here, vault = f"127.0.0.1:{port}", Vault(b"k" * 32)
    settings = {
        "address": f"http://{here}", "kind": "bearer", "url": f"http://{here}", "shop": here,
        "host": "127.0.0.1", "port": port, "security": "none", "from_email": "a@example.com",
        "account_sid": "AC1", "from": "+15005550006", "phone_number_id": "1",
    }  # fmt: skip
    async with database.write() as session:
        for app in load_registry().apps.values():
            session.add(
                Connection(
                    workspace_id=FIRST_WORKSPACE, id=f"c-{app.id}", app=app.id, name=app.label,
                    settings=settings, is_default=True, created_at=1, updated_at=now_ms(),
                )
            )  # fmt: skip
            await session.flush()
            for field in app.secret_fields:
                place = SecretPlace(FIRST_WORKSPACE, f"c-{app.id}", field)
                await write_secret(session, vault, place, "a-secret-of-the-shop", None)


def fault_of(found: SimulationResult) -> str | None:
    """Why a simulation did not come to an end of its own; None if it did."""
    if found.status not in {"succeeded", "failed"} or found.stopped:
        return found.stopped or found.status
    internal = (s.error for s in found.steps if s.error and s.error.code == "internal")
    return next((error.message for error in internal), None)


async def play_everything(url: str, *, prove: bool) -> dict[str, Json]:
    canary = Canary()
    database = await Database.open(url)
    await ensure_owner(database)
    await connect_everything(database, canary.port)
    played, faults = 0, []
    for scenario in scenarios():
        request = GraphSimulation.model_validate(scenario.body)
        found = await simulate_graph(database, FIRST_WORKSPACE, request.graph, request)
        played += 1
        if fault := fault_of(found):
            faults.append(f"{scenario.name}: {fault}")
    await database.close()
    count = canary.count()
    is_alive = prove and canary.is_alive()
    return {"played": played, "canary": count, "is_alive": is_alive, "faults": faults}


if __name__ == "__main__":
    raise_loopback()
    print(json.dumps(asyncio.run(play_everything(sys.argv[1], prove="prove" in sys.argv))))
