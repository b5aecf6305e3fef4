"""Servers that must never be called, and the way out with chosen name servers."""

from collections.abc import AsyncIterator

import pytest

from tests.outbound.stubs import Stub, listening, swallow


@pytest.fixture
async def canary() -> AsyncIterator[Stub]:
    """A server on 127.0.0.1 that nobody may reach; it counts who does."""
    async with listening(swallow) as stub:
        yield stub


@pytest.fixture
async def canary_v6() -> AsyncIterator[Stub]:
    """The same on ::1."""
    try:
        server = listening(swallow, host="::1")
        stub = await server.__aenter__()
    except OSError:
        pytest.skip("SKIPPED LOUDLY: this machine has no IPv6 loopback")
    yield stub
    await server.__aexit__(None, None, None)
