"""One HTTP call: what arrives, and the truth about calls that fail."""

import asyncio
import socket
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx
import pytest

from cartwheel.outbound.exchange import (
    FailureKind,
    OutboundFailure,
    OutboundRequest,
    OutboundResponse,
)
from cartwheel.outbound.guard import AddressGuard, SocketAddress
from cartwheel.outbound.http import HttpClient
from tests.outbound.certificates import Certificates, certificates_for
from tests.outbound.stubs import (
    Stub,
    answer,
    listening,
    read_and_stay_silent,
    read_request,
    serving,
)


@pytest.fixture(scope="module")
def shop_certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder: Path = tmp_path_factory.mktemp("certificates")
    return certificates_for("shop.example", folder)


async def to_loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


async def send(stub: Stub, request: OutboundRequest) -> OutboundResponse | OutboundFailure:
    async with HttpClient(AddressGuard([stub.address])) as client:
        return await client.send(request)


async def test_method_path_headers_and_body_arrive_as_given() -> None:
    headers = {"Content-Type": "application/json", "X-Shop": "Łódź"}
    async with serving(answer(201, b'{"id": 7}', content_type="application/json")) as stub:
        url = f"{stub.url}/a%2Fb/c d?x=1%2B2+3&name=%C5%82&name=Jan Kowalski"
        outcome = await send(stub, OutboundRequest("post", url, headers, b'{"a": 1}'))

    assert isinstance(outcome, OutboundResponse)
    assert (outcome.status, outcome.content()) == (201, {"id": 7})
    request = stub.requests[0]
    start = b"POST /a%2Fb/c%20d?x=1%2B2+3&name=%C5%82&name=Jan%20Kowalski HTTP/1.1\r\n"
    assert request.startswith(start)
    assert "x-shop: Łódź\r\n".encode() in request
    assert f"host: {stub.address}\r\n".encode() in request
    assert request.endswith(b'\r\n\r\n{"a": 1}')


async def test_it_says_who_calls_unless_the_step_says_so_itself() -> None:
    async with serving(answer(200)) as stub:
        await send(stub, OutboundRequest("GET", stub.url))
        await send(stub, OutboundRequest("GET", stub.url, {"user-agent": "My shop"}))

    assert b"user-agent: Cartwheel/0." in stub.requests[0]
    assert b"Cartwheel/" not in stub.requests[1]
    assert b"user-agent: My shop\r\n" in stub.requests[1]


async def test_an_error_status_is_an_answer() -> None:
    async with serving(answer(429, b"slow down", retry_after="30")) as stub:
        outcome = await send(stub, OutboundRequest("GET", stub.url))

    assert isinstance(outcome, OutboundResponse)
    assert (outcome.status, outcome.headers["retry-after"]) == (429, "30")
    assert outcome.content() == "slow down"


async def test_a_head_request_has_no_body_whatever_its_headers_say() -> None:
    async with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n") as stub:
        outcome = await send(stub, OutboundRequest("HEAD", stub.url))

    assert isinstance(outcome, OutboundResponse)
    assert outcome.body == b""


@pytest.mark.parametrize(
    ("content_type", "body", "content"),
    [
        ("application/json", b'{"a": [1, 2.5, null]}', {"a": [1, 2.5, None]}),
        ("text/plain", b'"quoted"', "quoted"),
        ("application/json", b"not json", "not json"),
        ("text/plain; charset=iso-8859-2", "Łódź".encode("iso-8859-2"), "Łódź"),
        ("text/plain; charset=klingon", "Łódź".encode(), "Łódź"),
        ("text/plain", b"\xff\xfe", "\ufffd\ufffd"),
        ("text/plain", b"", None),
    ],
)
async def test_the_body_is_json_where_it_is_json_and_else_text(
    content_type: str, body: bytes, content: object
) -> None:
    async with serving(answer(200, body, content_type=content_type)) as stub:
        outcome = await send(stub, OutboundRequest("GET", stub.url))

    assert isinstance(outcome, OutboundResponse)
    assert outcome.content() == content


async def test_proxies_of_the_environment_are_ignored(
    canary: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, canary.url)
    async with serving(answer(200)) as stub:
        outcome = await send(stub, OutboundRequest("GET", stub.url))

    assert isinstance(outcome, OutboundResponse)
    assert canary.connections == 0


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (OutboundRequest("BREW", "https://shop.example/"), "not an HTTP method"),
        (OutboundRequest("GET\r\nX: y", "https://shop.example/"), "not an HTTP method"),
        (OutboundRequest("GET", "https://shop.example/", {"X": "a\r\nY: b"}), "line break"),
        (OutboundRequest("GET", "https://shop.example/", {"X": "a\nY: b"}), "line break"),
        (OutboundRequest("GET", "https://shop.example/", {"X": "a\0"}), "control character"),
        (OutboundRequest("GET", "https://shop.example/", {"X\r\nY": "a"}), "name of a header"),
        (OutboundRequest("GET", "https://shop.example/", {"": "a"}), "name of a header"),
        (OutboundRequest("GET", "https://shop.example/", {"X": "\ud800"}), "cannot be sent"),
        (OutboundRequest("GET", "https://shop.example/", {"Host": "evil"}), "remove it"),
        (OutboundRequest("GET", "https://shop.example/", {"content-length": "1"}), "remove it"),
        (OutboundRequest("GET", "https://shop.example/\ud800"), "cannot be sent"),
    ],
)
async def test_a_request_that_cannot_be_sent_says_why(
    request_: OutboundRequest, words: str
) -> None:
    async with HttpClient(AddressGuard(lookup=to_loopback)) as client:
        outcome = await client.send(request_)

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.BAD_REQUEST, False)
    assert words in outcome.message


async def test_nobody_listening_means_nothing_was_sent() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        stub = Stub(port=closed.getsockname()[1])
        outcome = await send(stub, OutboundRequest("POST", stub.url, body=b"{}"))

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.NO_CONNECTION, False)
    assert outcome.passing


async def test_an_unknown_name_means_nothing_was_sent() -> None:
    async def nobody(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    async with HttpClient(AddressGuard(lookup=nobody)) as client:
        outcome = await client.send(OutboundRequest("POST", "https://shpo.example/"))

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.NAME_UNKNOWN, False)
    assert "shpo.example" in outcome.message


async def test_a_connection_broken_after_the_request_leaves_the_outcome_unknown() -> None:
    async def read_and_hang_up(
        stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await read_request(stub, reader)

    async with listening(read_and_hang_up) as stub:
        outcome = await send(stub, OutboundRequest("POST", stub.url, body=b"{}"))

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.BROKEN_OFF, True)
    assert outcome.status is None


async def test_a_connection_broken_in_the_answer_still_tells_the_status() -> None:
    async def half_an_answer(
        stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await read_request(stub, reader)
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\nhalf")
        await writer.drain()

    async with listening(half_an_answer) as stub:
        outcome = await send(stub, OutboundRequest("POST", stub.url, body=b"{}"))

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent, outcome.status) == (FailureKind.BROKEN_OFF, True, 201)


async def test_silence_after_the_request_leaves_the_outcome_unknown() -> None:
    async with listening(read_and_stay_silent) as stub:
        outcome = await send(stub, OutboundRequest("POST", stub.url))

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.TIMED_OUT, True)
    assert "30 seconds" in outcome.message


async def test_an_answer_that_is_not_http_is_named() -> None:
    async with serving(b"220 mail.example ESMTP\r\n\r\n") as stub:
        outcome = await send(stub, OutboundRequest("GET", stub.url))

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.BAD_ANSWER, True)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_an_act_on_a_connection_gone_stale_is_never_repeated(method: str) -> None:
    async with (
        _hanging_up_on_the_second_request() as stub,
        HttpClient(AddressGuard([stub.address])) as client,
    ):
        await client.send(OutboundRequest("GET", stub.url))
        outcome = await client.send(OutboundRequest(method, stub.url, body=b"{}"))

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.BROKEN_OFF, True)
    assert len(stub.requests) == 2


async def test_reading_on_a_connection_gone_stale_is_repeated_once() -> None:
    async with (
        _hanging_up_on_the_second_request() as stub,
        HttpClient(AddressGuard([stub.address])) as client,
    ):
        await client.send(OutboundRequest("GET", stub.url))
        outcome = await client.send(OutboundRequest("GET", stub.url))

    assert isinstance(outcome, OutboundResponse)
    assert (len(stub.requests), stub.connections) == (3, 2)


async def test_reading_is_repeated_no_more_than_once() -> None:
    both_open = asyncio.Barrier(2)

    async def once_each(
        stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await read_request(stub, reader)
        await both_open.wait()
        writer.write(answer(200))
        await writer.drain()
        await read_request(stub, reader)

    async with listening(once_each) as stub, HttpClient(AddressGuard([stub.address])) as client:
        read = OutboundRequest("GET", stub.url)
        await asyncio.gather(client.send(read), client.send(read))
        outcome = await client.send(read)

    assert isinstance(outcome, OutboundFailure)
    assert outcome.kind is FailureKind.BROKEN_OFF
    assert (stub.connections, len(stub.requests)) == (2, 4)


async def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    async def say_and_hang_up(
        stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await read_request(stub, reader)
        writer.write(b"HTTP/1.0 200 OK\r\n\r\nall of it")

    async with listening(say_and_hang_up) as stub:
        outcome = await send(stub, OutboundRequest("GET", stub.url))

    assert isinstance(outcome, OutboundResponse)
    assert outcome.body == b"all of it"


async def test_a_second_answer_that_nobody_asked_for_answers_nothing() -> None:
    async with (
        serving(answer(200, b"yours") + answer(200, b"forged"), answer(200, b"mine")) as stub,
        HttpClient(AddressGuard([stub.address])) as client,
    ):
        first = await client.send(OutboundRequest("GET", stub.url))
        second = await client.send(OutboundRequest("GET", stub.url))

    assert isinstance(first, OutboundResponse)
    assert isinstance(second, OutboundResponse)
    assert (first.body, second.body, stub.connections) == (b"yours", b"mine", 2)


async def test_a_server_that_wants_to_speak_another_protocol_is_not_followed() -> None:
    head = b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"
    async with serving(head) as stub:
        outcome = await send(stub, OutboundRequest("GET", stub.url))

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.BAD_ANSWER, True)


async def test_a_server_that_answers_at_its_second_address_is_reached() -> None:
    class OneWayIsCut(AddressGuard):
        def open_socket(self, address_info: SocketAddress) -> socket.socket:
            if address_info[4][0] == "127.0.0.9":
                raise OSError("no way there")
            return super().open_socket(address_info)

    async def two(host: str, port: int) -> list[str]:
        return ["127.0.0.9", "127.0.0.1"]

    async with serving(answer(200)) as stub:
        guard = OneWayIsCut([f"erp.local:{stub.port}"], lookup=two)
        async with HttpClient(guard) as client:
            outcome = await client.send(OutboundRequest("GET", f"http://erp.local:{stub.port}/"))

    assert isinstance(outcome, OutboundResponse)


async def test_many_calls_share_few_connections() -> None:
    async with serving(answer(200)) as stub, HttpClient(AddressGuard([stub.address])) as client:
        for _ in range(10):
            await client.send(OutboundRequest("GET", stub.url))

    assert stub.connections == 1


async def test_a_certificate_is_checked_against_the_name_not_the_pinned_address(
    shop_certificates: Certificates,
) -> None:
    outcome = await _call_over_tls("shop.example", shop_certificates)

    assert isinstance(outcome, OutboundResponse)


async def test_a_certificate_for_another_name_means_nothing_was_sent(
    shop_certificates: Certificates,
) -> None:
    outcome = await _call_over_tls("other.example", shop_certificates)

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.TLS, False)
    assert "mismatch" in outcome.message


async def test_tls_to_a_server_without_it_means_nothing_was_sent() -> None:
    async def greet(stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        await writer.drain()
        await reader.read(-1)

    async with listening(greet) as stub:
        outcome = await send(stub, OutboundRequest("POST", f"https://{stub.address}/"))

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.TLS, False)


async def test_from_encrypted_to_unencrypted_is_not_followed(
    shop_certificates: Certificates,
) -> None:
    moved = answer(302, location="http://shop.example/")
    outcome = await _call_over_tls("shop.example", shop_certificates, moved)

    assert isinstance(outcome, OutboundFailure)
    assert outcome.kind is FailureKind.BAD_REDIRECT


async def test_a_mock_transport_takes_the_networks_place() -> None:
    def shop(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"path": request.url.path})

    transport = httpx.MockTransport(shop)
    async with HttpClient(AddressGuard(), transport=transport) as client:
        outcome = await client.send(OutboundRequest("GET", "https://shop.example/orders"))
        inside = await client.send(OutboundRequest("GET", "http://10.0.0.1/"))

    assert isinstance(outcome, OutboundResponse)
    assert outcome.content() == {"path": "/orders"}
    assert isinstance(inside, OutboundFailure)


async def test_secrets_stand_in_no_representation() -> None:
    secret = "zq90-secret"
    request = OutboundRequest("GET", f"https://a.example/{secret}", {"K": secret}, secret.encode())
    response = OutboundResponse(200, {"k": secret}, secret.encode(), f"https://a.example/{secret}")

    assert secret not in repr(request)
    assert secret not in repr(response)


async def _call_over_tls(
    name: str, certificates: Certificates, reply: bytes = b""
) -> OutboundResponse | OutboundFailure:
    async def script(
        stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await read_request(stub, reader)
        writer.write(reply or answer(200))
        await writer.drain()

    async with listening(script, ssl=certificates.server) as stub:
        guard = AddressGuard([f"{name}:{stub.port}"], lookup=to_loopback)
        async with HttpClient(guard, tls=certificates.client) as client:
            return await client.send(OutboundRequest("POST", f"https://{name}:{stub.port}/"))


def _hanging_up_on_the_second_request() -> AbstractAsyncContextManager[Stub]:
    async def script(
        stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while True:
            await read_request(stub, reader)
            if len(stub.requests) == 2:
                return
            writer.write(answer(200))
            await writer.drain()

    return listening(script)
