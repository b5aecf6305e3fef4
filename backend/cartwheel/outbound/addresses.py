"""Which addresses may be called, and what a host name really says. Pure.

The standard library's `is_global` is not enough: it calls NAT64, 6to4 and multicast addresses
global although they can lead back inside, so every refusal here is a named rule of our own and
`is_global` only catches what no rule names.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

import idna

IpAddress = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network

_LONGEST_NAME = 253
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PUBLIC_IPV6 = IPv6Network("2000::/3")


class HostError(ValueError):
    """The text cannot be a host name or address."""


def _rule(name: str, *networks: str) -> tuple[str, tuple[_Network, ...]]:
    return name, tuple(ip_network(network) for network in networks)


# The first match names the refusal, so the narrow rules stand before the wide ones.
REFUSED_NETWORKS: Sequence[tuple[str, tuple[_Network, ...]]] = (
    # AWS, Google, Azure; Alibaba; Oracle; Azure's WireServer (a public address!); AWS on IPv6.
    _rule(
        "cloud metadata",
        "169.254.169.254/32",
        "169.254.170.2/32",
        "100.100.100.200/32",
        "192.0.0.192/32",
        "168.63.129.16/32",
        "fd00:ec2::254/128",
        "fd20:ce::254/128",
    ),
    _rule("loopback", "127.0.0.0/8", "::1/128"),
    _rule("unspecified", "0.0.0.0/8", "::/128"),
    _rule("private network", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
    _rule("link-local", "169.254.0.0/16", "fe80::/10"),
    _rule("shared address space", "100.64.0.0/10"),
    _rule("protocol assignments", "192.0.0.0/24", "192.88.99.0/24"),
    _rule("documentation", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"),
    _rule("documentation", "2001:db8::/32", "3fff::/20"),
    _rule("benchmarking", "198.18.0.0/15", "2001:2::/48"),
    _rule("multicast", "224.0.0.0/4", "ff00::/8"),
    _rule("reserved", "240.0.0.0/4"),
    _rule("NAT64", "64:ff9b::/96", "64:ff9b:1::/48"),
    _rule("IPv4-translated", "::ffff:0:0:0/96"),
    _rule("IPv4-compatible", "::/96"),
    _rule("6to4", "2002::/16"),
    _rule("Teredo", "2001::/32"),
    _rule("protocol assignments", "2001::/23"),
    _rule("site-local", "fec0::/10"),
    _rule("segment routing", "5f00::/16"),
    _rule("discard only", "100::/64"),
)


@lru_cache(maxsize=4096)
def refused_by(address: IpAddress) -> str | None:
    """The name of the rule that forbids calling this address; None when it may be called.

    An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) is judged as the IPv4 address it is.
    """
    judged = _unwrapped(address)
    for name, networks in REFUSED_NETWORKS:
        if any(judged.version == network.version and judged in network for network in networks):
            return name
    if isinstance(judged, IPv6Address) and judged not in _PUBLIC_IPV6:
        return "reserved"
    return None if judged.is_global else "not a public address"


def _unwrapped(address: IpAddress) -> IpAddress:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


@lru_cache(maxsize=4096)
def canonical_host(text: str) -> str:
    """The one spelling of a host: lower case, ASCII, without a dot at the end.

    Names become their IDNA form; every spelling of an IPv4 address that some resolver understands
    (decimal, hexadecimal, octal, short, full-width) becomes four decimal numbers; IPv6 loses its
    brackets. Raises `HostError` for what is neither a name nor an address.
    """
    if ":" in text:
        return _canonical_ipv6(text)
    mapped = _without_lookalikes(text).removesuffix(".")
    labels = mapped.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return str(_legacy_ipv4(labels))
    name = mapped if mapped.isascii() else _idna(mapped)
    if len(name) > _LONGEST_NAME or not all(_LABEL.fullmatch(part) for part in name.split(".")):
        raise HostError(text)
    return name


def trusted_pairs(pairs: Iterable[str]) -> frozenset[tuple[str, int]]:
    """Hosts and ports in their one spelling. Raises `ValueError` with a sentence."""
    return frozenset(_trusted_pair(pair) for pair in pairs)


def _trusted_pair(pair: str) -> tuple[str, int]:
    host, _, port = pair.rpartition(":")
    try:
        return canonical_host(host), int(port)
    except (HostError, ValueError) as error:
        raise ValueError(
            f"CARTWHEEL_ALLOW_PRIVATE: “{pair[:200]}” is not of the form host:port, "
            "as in erp.local:8080."
        ) from error


def literal_address(host: str) -> IpAddress | None:
    """The address that a canonical host is, or None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _canonical_ipv6(text: str) -> str:
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        address = IPv6Address(inner)
    except ValueError as error:
        raise HostError(text) from error
    if address.scope_id is not None:
        raise HostError(text)
    return str(address)


def _without_lookalikes(text: str) -> str:
    """Full-width, circled and other look-alikes as the plain characters resolvers take them for."""
    try:
        return idna.uts46_remap(text, std3_rules=False)
    except idna.IDNAError as error:
        raise HostError(text) from error


def _idna(name: str) -> str:
    try:
        return idna.encode(name).decode("ascii")
    except idna.IDNAError as error:
        raise HostError(name) from error


def _legacy_ipv4(labels: Sequence[str]) -> IPv4Address:
    """`0x7f.1`, `2130706433`, `0177.0.0.1`: as `inet_aton` and browsers read them."""
    numbers = [_number(label) for label in labels]
    *front, last = numbers
    if len(numbers) > 4 or any(number > 255 for number in front):
        raise HostError(".".join(labels))
    if last >= 256 ** (5 - len(numbers)):
        raise HostError(".".join(labels))
    return IPv4Address(last + sum(number << 8 * (3 - i) for i, number in enumerate(front)))


def _number(label: str) -> int:
    try:
        if label.startswith("0x"):
            return int(label[2:] or "0", 16)
        return int(label, 8 if len(label) > 1 and label.startswith("0") else 10)
    except ValueError as error:
        raise HostError(label) from error
