"""The address guard: decides whether a host may be called, and pins the addresses it decided on.

Every connection passes two walls. The first judges the name: it is resolved once and accepted only
if every address is allowed. The second stands directly before the connect and judges the very
address that the socket will use, so that no disagreement between URL parsers, and no second answer
of a name server, leads around the first.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from cartwheel.outbound.addresses import (
    HostError,
    IpAddress,
    canonical_host,
    literal_address,
    refused_by,
    trusted_pairs,
)

HTTP_PORTS = frozenset({80, 443, 8080, 8443})
MAIL_PORTS = frozenset({25, 465, 587, 2525})
LOOKUP_SECONDS = 5.0
CONNECT_SECONDS = 10.0
HEAD_START_SECONDS = 0.25

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
"""All addresses of a name, as text. Raises `OSError` when the name has none."""

SocketAddress = tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]

_DEFAULT_PORTS = {"http": 80, "https": 443}
# Not the loop's own pool: a name server that hangs must not hold up everything else done there.
_LOOKUPS = ThreadPoolExecutor(max_workers=16, thread_name_prefix="lookup")


class AddressRefused(Exception):
    """The guard does not let a call through to this address.

    `rule` names what was broken ("private network", "NAT64", "port"); `detail` is the sentence for
    the merchant. The sentence never shows what a name resolved to: that would map our network.
    """

    code = "address_refused"

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule, self.detail = rule, detail


class NameUnknown(OSError):
    """The name has no address, or the name server did not say in time."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads, in its one spelling: what was judged is what will be called."""

    scheme: str
    host: str
    port: int
    url: str


class AddressGuard:
    """Judges hosts and ports; `allow_private` holds the owner's trusted `host:port` pairs.

    A pair is trusted as it is written: listing `erp.local:8080` does not open `10.0.0.5:8080`.
    Raises `ValueError` with a sentence when a pair cannot be read.
    """

    def __init__(
        self,
        allow_private: Iterable[str] = (),
        lookup: Lookup | None = None,
        *,
        http_ports: Collection[int] = HTTP_PORTS,
        mail_ports: Collection[int] = MAIL_PORTS,
    ) -> None:
        self._http_ports, self._mail_ports = http_ports, mail_ports
        self._trusted = trusted_pairs(allow_private)
        self._lookup = lookup or _system_lookup
        # What the trusted names resolved to last, for the second wall.
        self._vouched: dict[tuple[str, int], frozenset[IpAddress]] = {
            (host, port): frozenset({address})
            for host, port in self._trusted
            if (address := literal_address(host))
        }

    def check_url(self, url: str) -> Target:
        """Judge everything about a URL that needs no name server. Raises `AddressRefused`."""
        parts = _split(url)
        scheme = parts.scheme.lower()
        if scheme not in _DEFAULT_PORTS:
            raise AddressRefused("scheme", "Only addresses with http:// or https:// can be called.")
        if "@" in parts.netloc:
            raise AddressRefused(
                "sign-in in the address",
                "The address holds a user name or password before an @. "
                "Put them into the connection instead, where they are kept secret.",
            )
        port = _port(parts) or _DEFAULT_PORTS[scheme]
        host = self._check_host(parts.hostname or "", port, self._http_ports)
        return Target(scheme, host, port, _spelled(parts, scheme, host, port))

    def check_mail_server(self, host: str, port: int) -> str:
        """A mail server's one spelling, as far as no name server is needed to judge it.

        Raises `AddressRefused`.
        """
        return self._check_host(host, port, self._mail_ports)

    def _check_host(self, host: str, port: int, ports: Collection[int]) -> str:
        try:
            name = canonical_host(host)
        except HostError as error:
            raise _malformed(f"“{host[:100]}”") from error
        if self.is_trusted(name, port):
            return name
        self._judge_name(name)
        if port not in ports:
            known = ", ".join(map(str, sorted(ports)))
            raise AddressRefused("port", f"Port {port} cannot be called, only {known}.")
        return name

    def is_trusted(self, host: str, port: int) -> bool:
        """Whether the owner listed this very `host:port` as one to let through."""
        return (host, port) in self._trusted

    async def resolve(self, host: str, port: int) -> tuple[IpAddress, ...]:
        """The addresses to connect to, all of them judged; call it once per connection.

        Raises `AddressRefused` if a single one is forbidden, `NameUnknown` if there is none.
        """
        literal = literal_address(host)
        addresses = (literal,) if literal else await self._addresses_of(host, port)
        if self.is_trusted(host, port):
            self._vouched[host, port] = frozenset(addresses)
            return addresses
        for address in addresses:
            if rule := refused_by(address):
                raise _forbidden(host, rule)
        return addresses

    async def connect(self, host: str, port: int) -> socket.socket:
        """A connected, non-blocking socket to the first address that answers.

        Raises `AddressRefused`, `NameUnknown`, or the last `OSError` of connecting.
        """
        addresses = await self.resolve(host, port)
        if len(addresses) == 1:
            return await self._connected(addresses[0], port)
        return await self._first_connected(addresses, port)

    def open_socket(self, address_info: SocketAddress) -> socket.socket:
        """The second wall: a socket for this address, if it may be called."""
        family, kind, protocol, _, (host, port, *_) = address_info
        address = ip_address(host)
        rule = refused_by(address)
        if rule and not self._is_vouched(address, port):
            raise _forbidden(host, rule)
        return socket.socket(family, kind, protocol)

    async def _connected(self, address: IpAddress, port: int) -> socket.socket:
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        where = (str(address), port)
        opened = self.open_socket((family, socket.SOCK_STREAM, 0, "", where))
        opened.setblocking(False)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await asyncio.get_running_loop().sock_connect(opened, where)
        except BaseException:
            opened.close()
            raise
        return opened

    async def _first_connected(self, addresses: Sequence[IpAddress], port: int) -> socket.socket:
        """One after the other, the next one not later than a moment after the one before: a host
        whose IPv6 leads nowhere is still reached at once."""
        waiting, trying = list(addresses), set[asyncio.Task[socket.socket]]()
        failure: BaseException = OSError("no address answered")
        try:
            while waiting or trying:
                if waiting:
                    trying.add(asyncio.create_task(self._connected(waiting.pop(0), port)))
                done, trying = await asyncio.wait(
                    trying,
                    timeout=HEAD_START_SECONDS if waiting else None,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                opened = [task.result() for task in done if task.exception() is None]
                for surplus in opened[1:]:
                    surplus.close()
                if opened:
                    return opened[0]
                for task in done:
                    failure = task.exception() or failure
                    if not isinstance(failure, OSError):
                        raise failure
            raise failure
        finally:
            for task in trying:
                task.cancel()

    async def _addresses_of(self, host: str, port: int) -> tuple[IpAddress, ...]:
        try:
            async with asyncio.timeout(LOOKUP_SECONDS):
                found = await self._lookup(host, port)
        except (OSError, UnicodeError) as error:
            raise NameUnknown(f"no address for {host}") from error
        if not found:
            raise NameUnknown(f"no address for {host}")
        return tuple(ip_address(text) for text in dict.fromkeys(found))

    def _is_vouched(self, address: IpAddress, port: int) -> bool:
        pairs = self._vouched.items()
        return any(port == trusted and address in known for (_, trusted), known in pairs)

    @staticmethod
    def _judge_name(name: str) -> None:
        if name == "localhost" or name.endswith(".localhost"):
            raise _forbidden(name, "loopback")
        literal = literal_address(name)
        if literal and (rule := refused_by(literal)):
            raise _forbidden(name, rule)


async def _system_lookup(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(
        _LOOKUPS, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    )
    return [str(entry[4][0]) for entry in found]


def _split(url: str) -> SplitResult:
    text = url.strip(" ")
    # Parsers disagree about these: some drop them, some end the host there.
    if any(character < " " or character == "\x7f" for character in text):
        raise _malformed("This")
    try:
        return urlsplit(text)
    except ValueError as error:
        raise _malformed("This") from error


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError as error:
        raise AddressRefused("port", "The port in the address is not a number below 65536.") from (
            error
        )


def _spelled(parts: SplitResult, scheme: str, host: str, port: int) -> str:
    shown_host = f"[{host}]" if ":" in host else host
    shown_port = "" if port == _DEFAULT_PORTS[scheme] else f":{port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{scheme}://{shown_host}{shown_port}{parts.path or '/'}{query}"


def _malformed(what: str) -> AddressRefused:
    return AddressRefused("malformed", f"{what} is not an address that can be called.")


def _forbidden(host: str, rule: str) -> AddressRefused:
    return AddressRefused(
        rule,
        f"“{host}” cannot be called: it leads to an address that is not on the public internet "
        f"({rule}). Use a public address; the owner of this installation can allow an own server "
        "with the setting CARTWHEEL_ALLOW_PRIVATE.",
    )
