"""T1: no spelling of a private address, and no name that leads to one, is ever called."""

from ipaddress import ip_address

import pytest

from cartwheel.outbound.addresses import IpAddress, canonical_host, literal_address, refused_by
from cartwheel.outbound.exchange import FailureKind, OutboundFailure, OutboundRequest
from cartwheel.outbound.guard import AddressGuard, AddressRefused, Lookup, NameUnknown
from cartwheel.outbound.http import HttpClient
from cartwheel.outbound.mail import Mailer, MailSecurity, MailServer
from tests.outbound.stubs import Stub, answer, serving

LITERALS = {
    # loopback, in every spelling that some resolver understands
    "127.0.0.1": "loopback",
    "127.0.0.2": "loopback",
    "127.1": "loopback",
    "127.0.1": "loopback",
    "127.127.127.127": "loopback",
    "127.255.255.254": "loopback",
    "127.0.0.1.": "loopback",
    "2130706433": "loopback",
    "0x7f000001": "loopback",
    "0X7F000001": "loopback",
    "0x7f.0.0.1": "loopback",
    "0x7f.1": "loopback",
    "0x7f.0x0.0x0.0x1": "loopback",
    "017700000001": "loopback",
    "0177.0.0.1": "loopback",
    "0177.1": "loopback",
    "0177.0000.0000.0001": "loopback",
    "127.0x1": "loopback",
    "１２７.0.0.1": "loopback",
    "１２７．０．０．１": "loopback",
    "①②⑦.⓪.⓪.①": "loopback",
    "127。0。0。1": "loopback",
    "127．0．0．1": "loopback",
    "127｡0｡0｡1": "loopback",
    "𝟏𝟐𝟕.𝟎.𝟎.𝟏": "loopback",
    "②①③⓪⑦⓪⑥④③③": "loopback",
    "127.0.0.\u00ad1": "loopback",
    "localhost": "loopback",
    "LOCALHOST": "loopback",
    "localhost.": "loopback",
    "ⓛocalhost": "loopback",
    "ｌｏｃａｌｈｏｓｔ": "loopback",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ": "loopback",
    "foo.localhost": "loopback",
    "[::1]": "loopback",
    "[0:0:0:0:0:0:0:1]": "loopback",
    "[0000:0000:0000:0000:0000:0000:0000:0001]": "loopback",
    "[::ffff:127.0.0.1]": "loopback",
    "[::ffff:7f00:1]": "loopback",
    "[0:0:0:0:0:ffff:127.0.0.1]": "loopback",
    "[::FFFF:127.0.0.1]": "loopback",
    # "this host"
    "0": "unspecified",
    "0.0.0.0": "unspecified",
    "0x0": "unspecified",
    "00": "unspecified",
    "0.1.2.3": "unspecified",
    "[::]": "unspecified",
    "[0:0:0:0:0:0:0:0]": "unspecified",
    "[::ffff:0.0.0.0]": "unspecified",
    # private networks
    "10.0.0.1": "private network",
    "10.255.255.255": "private network",
    "10.1": "private network",
    "0xa000001": "private network",
    "167772161": "private network",
    "012.0.0.1": "private network",
    "172.16.0.1": "private network",
    "172.31.255.255": "private network",
    "2886729729": "private network",
    "192.168.0.1": "private network",
    "192.168.1": "private network",
    "3232235521": "private network",
    "0xc0a80001": "private network",
    "0300.0250.0.1": "private network",
    "[::ffff:10.0.0.1]": "private network",
    "[::ffff:192.168.0.1]": "private network",
    "[fc00::1]": "private network",
    "[fd00::1]": "private network",
    "[fd12:3456:789a:1::1]": "private network",
    # link-local and the clouds' metadata
    "169.254.0.1": "link-local",
    "169.254.255.255": "link-local",
    "[fe80::1]": "link-local",
    "[febf::1]": "link-local",
    "169.254.169.254": "cloud metadata",
    "169.254.170.2": "cloud metadata",
    "2852039166": "cloud metadata",
    "0xa9fea9fe": "cloud metadata",
    "0xA9.0xFE.0xA9.0xFE": "cloud metadata",
    "0251.0376.0251.0376": "cloud metadata",
    "169.254.43518": "cloud metadata",
    "169.16689662": "cloud metadata",
    "①⑥⑨.②⑤④.①⑥⑨.②⑤④": "cloud metadata",
    "[::ffff:169.254.169.254]": "cloud metadata",
    "[::ffff:a9fe:a9fe]": "cloud metadata",
    "[0:0:0:0:0:ffff:169.254.169.254]": "cloud metadata",
    "[fd00:ec2::254]": "cloud metadata",
    "[fd20:ce::254]": "cloud metadata",
    "100.100.100.200": "cloud metadata",
    "192.0.0.192": "cloud metadata",
    "168.63.129.16": "cloud metadata",
    # carriers, protocols, books
    "100.64.0.1": "shared address space",
    "100.127.255.254": "shared address space",
    "[::ffff:100.64.0.1]": "shared address space",
    "192.0.0.1": "protocol assignments",
    "192.88.99.1": "protocol assignments",
    "192.0.2.1": "documentation",
    "198.51.100.7": "documentation",
    "203.0.113.9": "documentation",
    "[2001:db8::1]": "documentation",
    "[3fff::1]": "documentation",
    "198.18.0.1": "benchmarking",
    "198.19.255.255": "benchmarking",
    "[2001:2::1]": "benchmarking",
    "[2001:20::1]": "protocol assignments",
    "[2001:4:112::1]": "protocol assignments",
    # many, and nobody
    "224.0.0.1": "multicast",
    "239.255.255.250": "multicast",
    "[ff02::1]": "multicast",
    "[ff0e::1]": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "reserved",
    "4294967295": "reserved",
    "[4000::1]": "reserved",
    "[100::1]": "discard only",
    "[5f00::1]": "segment routing",
    "[fec0::1]": "site-local",
    # IPv4 inside IPv6
    "[64:ff9b::7f00:1]": "NAT64",
    "[64:ff9b::127.0.0.1]": "NAT64",
    "[64:ff9b::10.0.0.1]": "NAT64",
    "[64:ff9b::8.8.8.8]": "NAT64",
    "[64:ff9b:1::a00:1]": "NAT64",
    "[2002:7f00:1::]": "6to4",
    "[2002:a00:1::1]": "6to4",
    "[2002:c0a8:1::1]": "6to4",
    "[2001::1]": "Teredo",
    "[2001:0:7f00:1::]": "Teredo",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]": "Teredo",
    "[::127.0.0.1]": "IPv4-compatible",
    "[::7f00:1]": "IPv4-compatible",
    "[::10.0.0.1]": "IPv4-compatible",
    "[::ffff:0:127.0.0.1]": "IPv4-translated",
    "[::ffff:0:a00:1]": "IPv4-translated",
}

# Public names whose real answers lead inside, as they stand in collections of attack strings.
NAMES = {
    "localtest.me": ("127.0.0.1", "loopback"),
    "127.0.0.1.nip.io": ("127.0.0.1", "loopback"),
    "www.10.0.0.1.nip.io": ("10.0.0.1", "private network"),
    "169.254.169.254.nip.io": ("169.254.169.254", "cloud metadata"),
    "spoofed.burpcollaborator.net": ("127.0.0.1", "loopback"),
    "lvh.me": ("127.0.0.1", "loopback"),
    "fbi.com": ("127.0.0.1", "loopback"),
    "customer1.app.localhost.my.company.127.0.0.1.nip.io": ("127.0.0.1", "loopback"),
    "metadata.google.internal": ("169.254.169.254", "cloud metadata"),
    "metadata": ("169.254.169.254", "cloud metadata"),
    "kubernetes.default.svc": ("10.96.0.1", "private network"),
    "host.docker.internal": ("192.168.65.2", "private network"),
    "redis": ("172.18.0.3", "private network"),
    "ip6-localhost": ("::1", "loopback"),
    "nat64.example.com": ("64:ff9b::a00:1", "NAT64"),
    "mapped.example.com": ("::ffff:10.0.0.1", "private network"),
    "sixtofour.example.com": ("2002:7f00:1::", "6to4"),
    "cgnat.example.com": ("100.64.0.1", "shared address space"),
    "multicast.example.com": ("224.0.0.1", "multicast"),
    "xn--bcher-kva.example": ("192.168.7.7", "private network"),
    "bücher.example": ("192.168.7.7", "private network"),
}

URLS = {
    "file:///etc/passwd": "scheme",
    "ftp://example.com/": "scheme",
    "gopher://127.0.0.1:6379/_FLUSHALL": "scheme",
    "dict://127.0.0.1:11211/stat": "scheme",
    "ldap://127.0.0.1/": "scheme",
    "javascript:alert(1)": "scheme",
    "data:text/html,hello": "scheme",
    "//example.com/": "scheme",
    "example.com": "scheme",
    "": "scheme",
    "http://": "malformed",
    "http:///path": "malformed",
    "http://?": "malformed",
    "http://exa mple.com/": "malformed",
    "http://example..com/": "malformed",
    "http://.example.com/": "malformed",
    "http://-example.com/": "malformed",
    "http://%31%32%37.0.0.1/": "malformed",
    "http://127.0.0.1%00.example.com/": "malformed",
    "http://1.2.3.4.5/": "malformed",
    "http://256.256.256.256/": "malformed",
    "http://4294967296/": "malformed",
    "http://08.8.8.8/": "malformed",
    "http://example.123/": "malformed",
    "http://[::1/": "malformed",
    "http://[fe80::1%25eth0]/": "malformed",
    "http://[fe80::1%eth0]/": "malformed",
    "http://[v1.fe80::a]/": "malformed",
    "http://ex\tample.com/": "malformed",
    "http://example.com/\r\nHost: evil": "malformed",
    "http://℀.example/": "malformed",
    "http://" + "a" * 64 + ".example/": "malformed",
    "http://" + "a." * 130 + "example/": "malformed",
    "http://example.com\\@127.0.0.1/": "sign-in in the address",
    "http://example.com@127.0.0.1/": "sign-in in the address",
    "http://user:password@example.com/": "sign-in in the address",
    "http://127.0.0.1:80\\@example.com/": "sign-in in the address",
    "http://example.com:22/": "port",
    "http://example.com:25/": "port",
    "https://example.com:6379/": "port",
    "http://example.com:99999/": "port",
    "http://example.com:http/": "port",
    "http://127.0.0.1:6379/": "loopback",
}

PUBLIC = (
    "8.8.8.8",
    "1.1.1.1",
    "93.184.216.34",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e",
    "::ffff:8.8.8.8",
)


def test_the_table_is_as_long_as_promised() -> None:
    assert len(LITERALS) + len(NAMES) >= 120


@pytest.mark.parametrize(("host", "rule"), LITERALS.items())
def test_no_spelling_of_a_forbidden_address_passes_and_the_rule_is_named(
    host: str, rule: str
) -> None:
    with pytest.raises(AddressRefused) as refusal:
        AddressGuard().check_url(f"http://{host}/")

    assert refusal.value.rule == rule


@pytest.mark.parametrize(("name", "answer_and_rule"), NAMES.items())
async def test_a_name_that_leads_inside_is_refused_with_the_rule(
    name: str, answer_and_rule: tuple[str, str]
) -> None:
    inside, rule = answer_and_rule
    guard = AddressGuard(lookup=_answering(inside))
    target = guard.check_url(f"http://{name}/")

    with pytest.raises(AddressRefused) as refusal:
        await guard.resolve(target.host, target.port)

    assert refusal.value.rule == rule
    assert inside not in refusal.value.detail.replace(name, "")


@pytest.mark.parametrize(("url", "rule"), URLS.items())
def test_what_is_no_plain_web_address_is_refused_with_the_rule(url: str, rule: str) -> None:
    with pytest.raises(AddressRefused) as refusal:
        AddressGuard().check_url(url)

    assert refusal.value.rule == rule


@pytest.mark.parametrize("address", PUBLIC)
async def test_public_addresses_pass(address: str) -> None:
    guard = AddressGuard(lookup=_answering(address))

    assert [str(found) for found in await guard.resolve("shop.example", 443)]


async def test_one_forbidden_address_among_public_ones_refuses_the_name() -> None:
    guard = AddressGuard(lookup=_answering("8.8.8.8", "2606:4700:4700::1111", "10.0.0.1"))

    with pytest.raises(AddressRefused):
        await guard.resolve("shop.example", 443)


async def test_no_forbidden_spelling_reaches_a_server_on_loopback(
    canary: Stub, canary_v6: Stub
) -> None:
    ports = (canary.port, canary_v6.port)
    guard = AddressGuard(lookup=_answering("127.0.0.1", "::1"), http_ports=ports)
    async with HttpClient(guard) as client:
        for host in [*LITERALS, *NAMES]:
            for port in ports:
                outcome = await client.send(OutboundRequest("GET", f"http://{host}:{port}/"))
                assert isinstance(outcome, OutboundFailure)
                assert outcome.kind is FailureKind.ADDRESS_REFUSED
                assert outcome.rule not in (None, "port")
                assert not outcome.sent

    assert (canary.connections, canary_v6.connections) == (0, 0)


async def test_the_last_wall_stops_what_the_first_one_was_talked_into(canary: Stub) -> None:
    class Gullible(AddressGuard):
        async def resolve(self, host: str, port: int) -> tuple[IpAddress, ...]:
            return (ip_address("127.0.0.1"),)

    async with HttpClient(Gullible(http_ports=[canary.port])) as client:
        outcome = await client.send(OutboundRequest("GET", f"http://evil.example:{canary.port}/"))

    assert isinstance(outcome, OutboundFailure)
    assert outcome.rule == "loopback"
    assert canary.connections == 0


async def test_a_mail_server_inside_is_refused_too(canary: Stub) -> None:
    guard = AddressGuard(lookup=_answering("127.0.0.1"))
    server = MailServer("mail.example", 587, MailSecurity.STARTTLS)

    failure = await Mailer(guard).check(server)

    assert failure is not None
    assert (failure.kind, failure.rule) == (FailureKind.ADDRESS_REFUSED, "loopback")


async def test_mail_goes_to_mail_ports_only() -> None:
    failure = await Mailer(AddressGuard()).check(
        MailServer("mail.example", 80, MailSecurity.STARTTLS)
    )

    assert failure is not None
    assert failure.rule == "port"
    assert "25, 465, 587, 2525" in failure.message


async def test_what_the_owner_trusts_is_called() -> None:
    async with serving(answer(200, b"erp")) as erp:
        guard = AddressGuard([erp.address])
        async with HttpClient(guard) as client:
            outcome = await client.send(OutboundRequest("GET", f"{erp.url}/stock"))

    assert not isinstance(outcome, OutboundFailure)
    assert outcome.body == b"erp"


async def test_a_trusted_name_is_called_wherever_it_leads() -> None:
    async with serving(answer(200, b"erp")) as erp:
        guard = AddressGuard([f"erp.local:{erp.port}"], lookup=_answering("127.0.0.1"))
        async with HttpClient(guard) as client:
            outcome = await client.send(OutboundRequest("GET", f"http://ERP.local:{erp.port}/"))

    assert not isinstance(outcome, OutboundFailure)


async def test_a_trusted_address_is_called_in_every_spelling_of_it() -> None:
    async with serving(answer(200, b"erp")) as erp:
        guard = AddressGuard([f"[::ffff:127.0.0.1]:{erp.port}"])
        async with HttpClient(guard) as client:
            outcome = await client.send(
                OutboundRequest("GET", f"http://[::FFFF:7F00:1]:{erp.port}/")
            )

    assert not isinstance(outcome, OutboundFailure)


async def test_trust_holds_for_the_exact_port_only(canary: Stub) -> None:
    guard = AddressGuard([f"127.0.0.1:{canary.port + 1}"])
    async with HttpClient(guard) as client:
        outcome = await client.send(OutboundRequest("GET", canary.url))

    assert isinstance(outcome, OutboundFailure)
    assert canary.connections == 0


async def test_trust_in_an_address_is_no_trust_in_every_name_that_leads_there() -> None:
    guard = AddressGuard(["127.0.0.1:8080"], lookup=_answering("127.0.0.1"))

    with pytest.raises(AddressRefused):
        await guard.resolve("evil.example", 8080)


@pytest.mark.parametrize("pair", ["localhost", "erp.local:", ":80", "a b:80", "erp.local:http"])
def test_a_trusted_pair_that_cannot_be_read_is_named(pair: str) -> None:
    with pytest.raises(ValueError, match="host:port"):
        AddressGuard([pair])


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("HTTPS://Shop.Example:443/a b?x=1#top", "https://shop.example/a b?x=1"),
        ("http://shop.example.", "http://shop.example/"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://my_shop.example/", "http://my_shop.example/"),
        ("https://[2606:4700:4700:0::1111]:8443/", "https://[2606:4700:4700::1111]:8443/"),
        ("  https://shop.example/  ", "https://shop.example/"),
    ],
)
def test_an_address_has_one_spelling(written: str, spelled: str) -> None:
    assert AddressGuard().check_url(written).url == spelled


def test_a_mapped_address_is_judged_as_the_one_it_is() -> None:
    assert refused_by(ip_address("::ffff:8.8.8.8")) is None
    assert refused_by(ip_address("::ffff:127.0.0.1")) == "loopback"
    assert literal_address(canonical_host("[::FFFF:7F00:1]")) == ip_address("::ffff:127.0.0.1")


async def test_a_name_without_an_address_is_not_an_answer() -> None:
    guard = AddressGuard(lookup=_answering())

    with pytest.raises(NameUnknown):
        await guard.resolve("nobody.example", 443)


def _answering(*addresses: str) -> Lookup:
    async def lookup(host: str, port: int) -> list[str]:
        return list(addresses)

    return lookup
