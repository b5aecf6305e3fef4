"""T2: a name server that changes its mind between the check and the call gains nothing."""

import asyncio
import errno
import itertools
import socket

from cartwheel.outbound.exchange import FailureKind, OutboundFailure, OutboundRequest
from cartwheel.outbound.guard import AddressGuard, Lookup, SocketAddress
from cartwheel.outbound.http import HttpClient
from tests.outbound.stubs import Stub, answer, serving

PUBLIC = "93.184.216.34"


class NoInternet(AddressGuard):
    """The guard on a machine whose way to the internet is cut; loopback works."""

    def open_socket(self, address_info: SocketAddress) -> socket.socket:
        opened = super().open_socket(address_info)
        if address_info[4][0] == PUBLIC:
            opened.close()
            raise OSError(errno.ENETUNREACH, "no way there")
        return opened


async def test_of_1000_rebound_requests_none_reaches_loopback(canary: Stub) -> None:
    guard = NoInternet(lookup=_in_turn(PUBLIC, "127.0.0.1"), http_ports=[canary.port])
    url = f"http://rebind.example:{canary.port}/"
    async with HttpClient(guard) as client:
        outcomes = [await client.send(OutboundRequest("GET", url)) for _ in range(1000)]

    assert canary.connections == 0
    kinds = [outcome.kind for outcome in outcomes if isinstance(outcome, OutboundFailure)]
    assert kinds.count(FailureKind.NO_CONNECTION) == 500
    assert kinds.count(FailureKind.ADDRESS_REFUSED) == 500


async def test_a_name_is_resolved_once_for_each_connection() -> None:
    asked: list[str] = []

    async def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    async with serving(answer(200)) as stub:
        guard = AddressGuard([f"erp.local:{stub.port}"], lookup=lookup)
        async with HttpClient(guard) as client:
            for _ in range(5):
                await client.send(OutboundRequest("GET", f"http://erp.local:{stub.port}/"))

    assert (len(asked), stub.connections) == (1, 1)


async def test_a_name_that_changes_inside_is_refused_on_its_next_connection() -> None:
    async with serving(answer(200, connection="close")) as stub:
        guard = AddressGuard(
            [f"127.0.0.1:{stub.port}"], lookup=_in_turn("127.0.0.1"), http_ports=[stub.port]
        )
        async with HttpClient(guard) as client:
            trusted = await client.send(OutboundRequest("GET", f"{stub.url}/"))
            rebound = await client.send(
                OutboundRequest("GET", f"http://rebind.example:{stub.port}/")
            )

    assert not isinstance(trusted, OutboundFailure)
    assert isinstance(rebound, OutboundFailure)
    assert stub.connections == 1


async def test_a_name_server_that_never_answers_is_not_waited_for_longer_than_the_call() -> None:
    async def hang(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    async with HttpClient(AddressGuard(lookup=hang)) as client:
        outcome = await client.send(
            OutboundRequest("GET", "https://slow.example/", timeout_seconds=0.05)
        )

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.NO_CONNECTION, False)


def _in_turn(*addresses: str) -> Lookup:
    answers = itertools.cycle(addresses)

    async def lookup(host: str, port: int) -> list[str]:
        return [next(answers)]

    return lookup
