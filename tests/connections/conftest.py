"""Providers on loopback that a connection can be tested against."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from cartwheel.paths import DataFolder
from cartwheel.settings import Settings
from tests.outbound.stubs import Stub, answer, listening, read_request
from tests.outbound.test_mail import Mailbox, mailbox


class Provider:
    """A shop's API on loopback: answers what it is told to, and may echo the request."""

    def __init__(self) -> None:
        self.stub = Stub()
        self.status, self.body, self.echoes = 200, b"[]", False

    @property
    def url(self) -> str:
        return self.stub.url

    async def serve(
        self, stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while True:
            said = await read_request(stub, reader)
            body = b'{"message": "You sent %s"}' % _quoted(said) if self.echoes else self.body
            writer.write(answer(self.status, body, content_type="application/json"))
            await writer.drain()


def _quoted(said: bytes) -> bytes:
    return said.replace(b"\r\n", b" ").replace(b'"', b"'")


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    """A provider that accepts everything."""
    made = Provider()
    async with listening(made.serve) as stub:
        made.stub = stub
        yield made


@pytest.fixture
async def post() -> AsyncIterator[Mailbox]:
    """A mail server that lets in whoever says "open sesame"."""

    def authenticate(*args: Any) -> AuthResult:
        return AuthResult(success=args[-1].password == b"open sesame", handled=False)

    async with mailbox(
        authenticator=authenticate, auth_require_tls=False, auth_required=True
    ) as box:
        yield box


@pytest.fixture
def settings(database_url: str, tmp_path: Path, provider: Provider, post: Mailbox) -> Settings:
    """An installation whose owner trusts the providers on loopback."""
    trusted = frozenset({provider.stub.address, f"127.0.0.1:{post.port}"})
    return Settings(data=DataFolder(tmp_path), database_url=database_url, allow_private=trusted)
