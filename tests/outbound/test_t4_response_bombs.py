"""T4: no answer, however large, packed or slow, costs more than its share of memory and time."""

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cartwheel.outbound import body
from cartwheel.outbound.body import MAX_BODY_BYTES
from cartwheel.outbound.exchange import (
    FailureKind,
    OutboundFailure,
    OutboundRequest,
    OutboundResponse,
)
from cartwheel.outbound.guard import AddressGuard
from cartwheel.outbound.http import HttpClient
from tests.outbound.stubs import (
    Script,
    Stub,
    answer,
    let_time_pass,
    listening,
    read_request,
    serving,
)

MEBIBYTE = 1024 * 1024


async def fetch(stub: Stub, timeout_seconds: float = 30) -> OutboundResponse | OutboundFailure:
    async with HttpClient(AddressGuard([stub.address])) as client:
        request = OutboundRequest("GET", stub.url, timeout_seconds=timeout_seconds)
        return await client.send(request)


def failed(outcome: OutboundResponse | OutboundFailure) -> FailureKind:
    assert isinstance(outcome, OutboundFailure)
    assert outcome.message
    assert outcome.sent
    return outcome.kind


def pouring(head: bytes, *pieces: bytes, pause_seconds: float = 0.0) -> Script:
    """A server that sends the head and then the pieces over and over, as long as it is read."""

    async def script(
        stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await read_request(stub, reader)
        writer.write(head)
        while not writer.is_closing():
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(pause_seconds)

    return script


@contextmanager
def memory_below(mebibytes: int) -> Iterator[None]:
    """Fails when more than this was in use at the worst moment."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < mebibytes * MEBIBYTE
    finally:
        tracemalloc.stop()


def ten_gigabytes_in_ten_megabytes() -> list[bytes]:
    """A gzip stream of zeros, as the pieces to send: one megabyte each time the second repeats."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(MEBIBYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(MEBIBYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    assert len(again) < 2048
    return [head + block, again * 10_000]


async def test_a_gzip_bomb_of_ten_gigabytes_is_cut_at_the_cap() -> None:
    first, rest = ten_gigabytes_in_ten_megabytes()
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + first
    async with listening(pouring(head, rest)) as stub:
        with memory_below(50):
            outcome = await fetch(stub)

    assert failed(outcome) is FailureKind.TOO_LARGE


async def test_a_deflate_bomb_is_cut_at_the_cap() -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(MEBIBYTE)) for _ in range(64)) + packer.flush()
    async with serving(answer(200, packed, content_encoding="deflate")) as stub:
        with memory_below(8):
            outcome = await fetch(stub)

    assert failed(outcome) is FailureKind.TOO_LARGE


async def test_an_endless_chunked_answer_is_cut_at_the_cap() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with listening(pouring(head, b"10000\r\n" + bytes(65536) + b"\r\n")) as stub:
        with memory_below(50):
            outcome = await fetch(stub)

    assert failed(outcome) is FailureKind.TOO_LARGE


async def test_an_endless_stream_that_unpacks_to_nothing_is_cut_too() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    start = packer.compress(b"x") + packer.flush(zlib.Z_FULL_FLUSH)
    nothing = b"\x00\x00\x00\xff\xff" * 4096
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + start
    async with listening(pouring(head, nothing)) as stub:
        outcome = await fetch(stub)

    assert failed(outcome) is FailureKind.TOO_LARGE


async def test_an_announced_size_above_the_cap_is_not_even_read() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
    async with listening(pouring(head, b"", pause_seconds=0.01)) as stub:
        outcome = await fetch(stub)

    assert failed(outcome) is FailureKind.TOO_LARGE


async def test_the_cap_itself_still_fits() -> None:
    packed = gzip.compress(bytes(MAX_BODY_BYTES))
    async with serving(answer(200, packed, content_encoding="gzip")) as stub:
        outcome = await fetch(stub)

    assert isinstance(outcome, OutboundResponse)
    assert len(outcome.body) == MAX_BODY_BYTES


async def test_one_byte_above_the_cap_does_not_fit() -> None:
    async with serving(answer(200, bytes(MAX_BODY_BYTES + 1))) as stub:
        outcome = await fetch(stub)

    assert failed(outcome) is FailureKind.TOO_LARGE


async def test_a_dripping_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "GRACE_SECONDS", 0.1)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    async with listening(pouring(head, b"x", pause_seconds=0.02)) as stub:
        outcome = await fetch(stub)

    assert failed(outcome) is FailureKind.TOO_SLOW


async def test_an_answer_that_stops_in_the_middle_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(body, "GRACE_SECONDS", 0.05)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx"
    async with listening(pouring(head, b"", pause_seconds=1)) as stub:
        outcome = await fetch(stub)

    assert failed(outcome) is FailureKind.TOO_SLOW
    assert isinstance(outcome, OutboundFailure)
    assert outcome.status == 200


async def test_the_deadline_covers_the_whole_call() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with listening(_with_a_long_pause(head, b"1\r\nx\r\n")) as stub:
        outcome = await fetch(stub, timeout_seconds=5)

    assert failed(outcome) is FailureKind.TIMED_OUT


async def test_endless_headers_are_given_up() -> None:
    async with listening(pouring(b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"x" * 4000 + b"\r\n")) as (
        stub
    ):
        outcome = await fetch(stub, timeout_seconds=60)

    assert failed(outcome) is FailureKind.BAD_ANSWER


async def test_endless_interim_answers_end_with_the_deadline() -> None:
    script = _with_a_long_pause(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n")
    async with listening(script) as stub:
        outcome = await fetch(stub)

    assert failed(outcome) is FailureKind.TIMED_OUT


def gzipped(text: bytes) -> bytes:
    """Without the time of packing: two processes that name their tests by it would not agree."""
    return gzip.compress(text, mtime=0)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzipped(b"hello")),
        ("gzip", gzipped(b"hel") + gzipped(b"lo")),
        ("x-gzip", gzipped(b"hello")),
        ("GZIP", gzipped(b"hello")),
        ("deflate", zlib.compress(b"hello")),
        ("deflate", zlib.compress(b"hello", wbits=-15)),
        ("identity", b"hello"),
    ],
)
async def test_packed_answers_are_unpacked(coding: str, packed: bytes) -> None:
    async with serving(answer(200, packed, content_encoding=coding)) as stub:
        outcome = await fetch(stub)

    assert isinstance(outcome, OutboundResponse)
    assert outcome.body == b"hello"


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("br", b"\x0b\x02\x80hello\x03"),
        ("gzip, gzip", gzipped(gzipped(b"hello"))),
        ("gzip", b"this is not gzip"),
        ("gzip", gzipped(b"hello" * 100)[:-12]),
        ("deflate", zlib.compress(b"hello" * 100)[:-6]),
    ],
)
async def test_an_answer_that_cannot_be_unpacked_is_named(coding: str, packed: bytes) -> None:
    async with serving(answer(200, packed, content_encoding=coding)) as stub:
        outcome = await fetch(stub)

    assert failed(outcome) is FailureKind.BAD_ANSWER


async def test_only_what_can_be_capped_is_asked_for() -> None:
    async with serving(answer(200)) as stub, HttpClient(AddressGuard([stub.address])) as client:
        headers = {"Accept-Encoding": "br, zstd"}
        await client.send(OutboundRequest("GET", stub.url, headers))

    assert b"\r\naccept-encoding: gzip, deflate\r\n" in stub.requests[0].lower()


async def test_one_bomb_does_not_hold_up_the_next_call() -> None:
    bomb = answer(200, bytes(MAX_BODY_BYTES + 1))
    async with (
        serving(bomb, answer(200, b"fine")) as stub,
        HttpClient(AddressGuard([stub.address])) as client,
    ):
        first = await client.send(OutboundRequest("GET", stub.url))
        second = await client.send(OutboundRequest("GET", stub.url))

    assert failed(first) is FailureKind.TOO_LARGE
    assert isinstance(second, OutboundResponse)
    assert second.body == b"fine"


def _with_a_long_pause(head: bytes, piece: bytes) -> Script:
    """A server that sends the head, ten pieces, and an hour later the next ones for ever."""

    async def script(
        stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await read_request(stub, reader)
        writer.write(head + piece * 10)
        await writer.drain()
        let_time_pass(6 if head else 3600)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)

    return script
