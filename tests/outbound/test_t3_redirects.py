"""T3: a redirect leads nowhere that the step itself could not have gone, and gives nothing away."""

import pytest

from cartwheel.outbound.exchange import (
    FailureKind,
    OutboundFailure,
    OutboundRequest,
    OutboundResponse,
)
from cartwheel.outbound.guard import AddressGuard
from cartwheel.outbound.http import HttpClient
from tests.outbound.stubs import Stub, answer, serving

STATUSES = (301, 302, 303, 307, 308)
SECRETS = {
    "Authorization": "Bearer zq81-secret",
    "Cookie": "session=zq82-secret",
    "X-Shopify-Access-Token": "zq83-secret",
    "X-Anything-At-All": "zq84-secret",
}


async def send(
    request: OutboundRequest, *trusted: str, http_ports: tuple[int, ...] = ()
) -> OutboundResponse | OutboundFailure:
    async with HttpClient(AddressGuard(trusted, http_ports=http_ports or (80, 443))) as client:
        return await client.send(request)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    "spelling", ["127.0.0.1", "2130706433", "①②⑦.⓪.⓪.①", "[::ffff:127.0.0.1]", "localhost"]
)
async def test_a_redirect_to_loopback_is_refused(canary: Stub, status: int, spelling: str) -> None:
    location = f"http://{spelling}:{canary.port}/admin"
    async with serving(_redirect(status, location)) as stub:
        outcome = await send(
            OutboundRequest("GET", stub.url), stub.address, http_ports=(80, canary.port)
        )

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.rule) == (FailureKind.ADDRESS_REFUSED, "loopback")
    assert (outcome.sent, outcome.status) == (True, status)
    assert canary.connections == 0


@pytest.mark.parametrize(
    ("location", "rule"),
    [
        ("file:///etc/passwd", "scheme"),
        ("gopher://127.0.0.1:6379/_INFO", "scheme"),
        ("//169.254.169.254/latest/meta-data/", "cloud metadata"),
        ("http://user:password@example.com/", "sign-in in the address"),
        ("http://[::1/", "malformed"),
    ],
)
async def test_a_redirect_passes_the_same_guard(location: str, rule: str) -> None:
    async with serving(_redirect(302, location)) as stub:
        outcome = await send(OutboundRequest("GET", stub.url), stub.address)

    assert isinstance(outcome, OutboundFailure)
    assert outcome.rule == rule or outcome.kind is FailureKind.BAD_REDIRECT


async def test_a_loop_ends_after_three_redirects() -> None:
    async with serving(_redirect(302, "/again")) as stub:
        outcome = await send(OutboundRequest("GET", stub.url), stub.address)

    assert isinstance(outcome, OutboundFailure)
    assert outcome.kind is FailureKind.BAD_REDIRECT
    assert "3 times" in outcome.message
    assert len(stub.requests) == 4


async def test_three_redirects_are_followed() -> None:
    hops = [_redirect(302, f"/{number}") for number in range(3)]
    async with serving(*hops, answer(200, b"there")) as stub:
        outcome = await send(OutboundRequest("GET", stub.url), stub.address)

    assert isinstance(outcome, OutboundResponse)
    assert (outcome.body, outcome.url) == (b"there", f"{stub.url}/2")


@pytest.mark.parametrize("status", STATUSES)
async def test_secrets_do_not_follow_to_another_host(status: int) -> None:
    async with serving(answer(200)) as other, serving(_redirect(status, other.url)) as stub:
        outcome = await send(
            OutboundRequest("GET", stub.url, SECRETS | {"Accept": "text/csv"}),
            stub.address,
            other.address,
        )

    assert isinstance(outcome, OutboundResponse)
    assert b"-secret" in stub.requests[0]
    assert b"-secret" not in other.requests[0]
    assert b"text/csv" in other.requests[0]


async def test_secrets_follow_on_the_same_host() -> None:
    async with serving(_redirect(302, "/moved"), answer(200)) as stub:
        await send(OutboundRequest("GET", stub.url, SECRETS), stub.address)

    assert b"zq81-secret" in stub.requests[1]


@pytest.mark.parametrize("status", [307, 308])
async def test_a_body_follows_on_the_same_host(status: int) -> None:
    async with serving(_redirect(status, "/moved"), answer(200)) as stub:
        await send(_order(stub), stub.address)

    assert stub.requests[1].startswith(b"POST /moved ")
    assert stub.requests[1].endswith(b'{"total": "9.90"}')


@pytest.mark.parametrize("status", [307, 308])
async def test_a_body_does_not_follow_to_another_host(status: int) -> None:
    async with serving(answer(200)) as other, serving(_redirect(status, other.url)) as stub:
        outcome = await send(_order(stub), stub.address, other.address)

    assert isinstance(outcome, OutboundFailure)
    assert outcome.kind is FailureKind.BAD_REDIRECT
    assert other.connections == 0


@pytest.mark.parametrize("status", [301, 302, 303])
async def test_a_post_becomes_a_get_without_body(status: int) -> None:
    async with serving(_redirect(status, "/moved"), answer(200)) as stub:
        await send(_order(stub), stub.address)

    assert stub.requests[1].startswith(b"GET /moved ")
    assert b"9.90" not in stub.requests[1]
    assert b"content-type" not in stub.requests[1].lower()


async def test_a_step_may_ask_for_the_redirect_itself() -> None:
    async with serving(_redirect(302, "http://127.0.0.1/")) as stub:
        outcome = await send(OutboundRequest("GET", stub.url, follow_redirects=False), stub.address)

    assert isinstance(outcome, OutboundResponse)
    assert outcome.status == 302


async def test_cookies_are_neither_kept_nor_sent() -> None:
    async def lookup(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async with serving(answer(200, set_cookie="id=1; Path=/")) as stub:
        address = f"shop.example:{stub.port}"
        async with HttpClient(AddressGuard([address], lookup=lookup)) as client:
            for _ in range(2):
                await client.send(OutboundRequest("GET", f"http://{address}/"))

    assert len(stub.requests) == 2
    assert b"cookie" not in stub.requests[1].lower()


def _redirect(status: int, location: str) -> bytes:
    return answer(status, b"", location=location)


def _order(stub: Stub) -> OutboundRequest:
    headers = {"Content-Type": "application/json"}
    return OutboundRequest("POST", stub.url, headers, b'{"total": "9.90"}')
