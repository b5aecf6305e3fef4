"""Whatever a merchant's variables put into an address, a header or a mail, the answer is clear."""

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from cartwheel.clock import SystemClock
from cartwheel.outbound.addresses import HostError, canonical_host, literal_address, refused_by
from cartwheel.outbound.exchange import (
    ExchangeError,
    OutboundRequest,
    OutboundResponse,
)
from cartwheel.outbound.guard import AddressGuard, AddressRefused
from cartwheel.outbound.http import HttpClient
from cartwheel.outbound.message import MailMessage, compose

any_text = st.text(alphabet=st.characters(), max_size=60)
url_text = st.text(alphabet="htps:/@.%[]\\?#-_a1０①。ß\u00ad\u200d٣\ud800 \t\n0x7f", max_size=40)
numbers = st.integers(0, 2**32 - 1)


@given(url=st.one_of(any_text, url_text, url_text.map("http://{}".format)))
def test_an_address_is_judged_never_crashed_on(url: str) -> None:
    try:
        target = AddressGuard().check_url(url)
    except AddressRefused:
        return
    assert target.host.isascii()
    assert canonical_host(target.host) == target.host


@given(host=st.one_of(any_text, url_text))
def test_the_one_spelling_of_a_host_is_its_own_spelling(host: str) -> None:
    try:
        spelled = canonical_host(host)
    except HostError:
        return
    assert canonical_host(spelled) == spelled


@given(number=numbers)
def test_all_spellings_of_an_address_are_judged_alike(number: int) -> None:
    octets = number.to_bytes(4)
    first, second, third, last = octets
    spellings = [
        str(number),
        hex(number),
        f"0{number:o}",
        ".".join(map(hex, octets)),
        ".".join(f"0{octet:o}" for octet in octets),
        f"{first}.{number & 0xFFFFFF}",
        f"{first}.{second}.{number & 0xFFFF}",
    ]

    assert {canonical_host(spelling) for spelling in spellings} == {
        f"{first}.{second}.{third}.{last}"
    }
    address = literal_address(canonical_host(spellings[0]))
    mapped = literal_address(canonical_host(f"::ffff:{number >> 16:x}:{number & 0xFFFF:x}"))
    assert address is not None
    assert mapped is not None
    assert refused_by(address) == refused_by(mapped)


@settings(deadline=None)
@given(
    method=st.just("POST") | any_text,
    path=any_text,
    name=st.just("X-Note") | any_text,
    value=any_text,
)
async def test_a_request_made_of_any_text_ends_in_an_answer_or_a_sentence(
    method: str, path: str, name: str, value: str
) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200))
    async with HttpClient(AddressGuard(), transport=transport) as client:
        outcome = await client.send(
            OutboundRequest(method, f"https://shop.example/{path}", {name: value})
        )

    assert isinstance(outcome, OutboundResponse) or outcome.message


@settings(deadline=None)
@given(
    to=st.just("jan") | any_text,
    name=st.just("Jan") | any_text,
    subject=any_text,
    text=any_text,
    header=st.just("note") | any_text,
)
def test_a_mail_made_of_any_text_is_sound_or_refused_with_a_sentence(
    to: str, name: str, subject: str, text: str, header: str
) -> None:
    message = MailMessage(
        sender="shop@candles.example",
        to=f"{to}@kowalski.example",
        to_name=name,
        subject=subject,
        text=text,
        message_key="key",
        headers={"X-Note": header},
    )
    try:
        envelope = compose(message, SystemClock().now())
    except ExchangeError:
        return
    head = envelope.content.split(b"\r\n\r\n")[0]
    assert head.isascii()
    assert {line.split(b":")[0] for line in head.split(b"\r\n") if line[:1].strip()} <= {
        b"From", b"To", b"Subject", b"Date", b"Message-ID", b"X-Note", b"MIME-Version",
        b"Content-Type", b"Content-Transfer-Encoding",
    }  # fmt: skip
