"""T15: a secret that comes back, in whatever spelling, is hidden before anybody keeps it."""

import asyncio
import base64
import html
import io
import json
import logging
import re
import uuid
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, urlencode

import httpx
import pytest

from cartwheel.commands.log_lines import JsonLine, TextLine
from cartwheel.outbound.exchange import OutboundFailure, OutboundRequest, OutboundResponse
from cartwheel.outbound.guard import AddressGuard
from cartwheel.outbound.http import HttpClient
from cartwheel.outbound.redaction import (
    HIDDEN,
    MOST_REMEMBERED,
    Redactor,
    SecretRegister,
    remember,
)
from tests.outbound.stubs import Script, Stub, answer, listening, read_request, serving

PLAIN = "zq57Hk2Lm9Xw4Tn8"
AWKWARD = "zq/5+7 \"H&k'=<ż>%\\"
_JAVASCRIPT = "!'()*~"
SECRETS = (PLAIN, AWKWARD, "pw4!", "Paß-wörd-密码")


def spellings(secret: str) -> Iterator[str]:
    yield f"before {secret} after"
    for lead in ("", "u", "us", "user:", "name@shop.example:"):
        raw = (lead + secret).encode()
        for tail in (b"", b"x", b"yz"):
            yield "Basic " + base64.b64encode(raw + tail).decode()
            yield base64.urlsafe_b64encode(raw + tail).decode().rstrip("=")
    yield f"https://a.example/?key={quote(secret, safe='')}&x=1"
    yield f"https://a.example/?key={quote(secret)}"
    yield f"https://a.example/?key={quote_plus(secret)}"
    yield urlencode({"key": secret, "b": "1"})
    yield re.sub("%..", lambda escape: escape[0].lower(), quote(secret, safe=""))
    yield f"as encodeURIComponent has it: {quote(secret, safe=_JAVASCRIPT)}"
    yield f"as our own client spells it: {httpx.URL('https://a.example/', params={'k': secret})}"
    yield json.dumps({"error": f"bad key {secret}"})
    yield json.dumps({"error": f"bad key {secret}"}, ensure_ascii=False)
    yield json.dumps({"error": secret}).replace("/", "\\/")
    yield json.dumps({"inner": json.dumps({"key": secret})})
    yield html.escape(f"<p>{secret}</p>")
    yield html.escape(f"<p>{secret}</p>").replace("&#x27;", "&#039;")
    yield html.escape(f"<p>{secret}</p>").replace("&#x27;", "&#39;")


def leaks(text: str, secret: str) -> bool:
    """Whether a reader could still get the secret out of the text, by any of the ways back."""
    encoded = [base64.b64encode(b"\0" * offset + secret.encode()).decode() for offset in range(3)]
    cores = [code[4:-4] for code in encoded if len(code) > 12]
    ways = [secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], *cores]
    return any(way and way in text for way in ways)


@pytest.mark.parametrize("secret", SECRETS)
def test_every_spelling_of_a_secret_is_hidden(secret: str) -> None:
    redactor = Redactor([secret])

    for text in spellings(secret):
        cleaned = redactor.text(text)
        assert HIDDEN in cleaned, text
        assert not leaks(cleaned, secret), cleaned


@pytest.mark.parametrize("secret", SECRETS)
def test_many_secrets_are_hidden_as_well_as_one(secret: str) -> None:
    register = SecretRegister()
    for other in (*(f"other-secret-{number}" for number in range(500)), secret):
        register.remember(other)

    for text in spellings(secret):
        cleaned = register.text(text)
        assert HIDDEN in cleaned, text
        assert not leaks(cleaned, secret), cleaned


def test_what_is_not_secret_stays_as_it_is() -> None:
    text = "Order 1042 for Jan Kowalski: 976.48 EUR, paid by card ending in 4242."

    assert Redactor(SECRETS).text(text) == text
    assert Redactor([]).text(text) is text


def test_a_secret_inside_another_goes_with_the_longer_one() -> None:
    assert Redactor(["secret", "my-secret-key"]).text("my-secret-key") == HIDDEN


def test_values_shorter_than_four_characters_are_not_looked_for() -> None:
    assert Redactor(["", "a", "abc"]).text("abcabc") == "abcabc"


def test_json_is_cleaned_in_values_keys_and_numbers() -> None:
    value = {
        "error": f"bad {PLAIN}",
        PLAIN: [1, True, None, {"deep": [PLAIN]}],
        "number": 81818181,
        "fraction": 2.5,
    }

    assert Redactor([PLAIN, "81818181"]).json(value) == {
        "error": f"bad {HIDDEN}",
        HIDDEN: [1, True, None, {"deep": [HIDDEN]}],
        "number": HIDDEN,
        "fraction": 2.5,
    }


def test_json_deeper_than_anybody_reads_is_hidden_not_crashed_on() -> None:
    value: object = PLAIN
    for _ in range(5000):
        value = [value]

    assert PLAIN not in json.dumps(Redactor([PLAIN]).json(value))


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "AUTHORIZATION",
        "Proxy-Authorization",
        "Cookie",
        "Set-Cookie",
        "X-Api-Key",
        "X-Shopify-Access-Token",
        "X-Twilio-Signature",
        "X-Some-Token",
        "Client-Secret",
    ],
)
def test_headers_that_exist_to_carry_a_secret_are_hidden_whole(name: str) -> None:
    assert Redactor([]).headers({name: "unknown-value"}) == {name: HIDDEN}


def test_other_headers_are_cleaned_by_value() -> None:
    headers = {"Location": f"https://a.example/?t={PLAIN}", "Content-Type": "text/html"}

    assert Redactor([PLAIN]).headers(headers) == {
        "Location": f"https://a.example/?t={HIDDEN}",
        "Content-Type": "text/html",
    }


@pytest.mark.parametrize("secret", [PLAIN, 'zq5"7Hk2+Lm9/Xw4'])
async def test_a_server_that_echoes_the_request_gives_nothing_away(secret: str) -> None:
    redactor = Redactor([secret])
    async with listening(_echo(secret)) as stub:
        outcome = await _send_with_secret(stub, secret)

    assert isinstance(outcome, OutboundResponse)
    assert leaks(outcome.text, secret)
    kept = json.dumps([redactor.headers(outcome.headers), redactor.json(outcome.content())])
    assert not leaks(kept, secret)
    assert not leaks(redactor.text(outcome.url), secret)


async def test_no_failure_sentence_shows_a_secret_of_the_address() -> None:
    moved = answer(302, location=f"http://10.0.0.1/?t={PLAIN}")
    async with serving(moved) as stub:
        outcome = await _send_with_secret(stub, PLAIN)

    assert isinstance(outcome, OutboundFailure)
    assert PLAIN not in repr(outcome)


# --- the log --------------------------------------------------------------------------------


@pytest.fixture
def register() -> SecretRegister:
    return SecretRegister()


@pytest.fixture(params=[TextLine(), JsonLine("worker")], ids=["text", "json"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What our processes' handler wrote, under a logger of the test's own."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(request.param)
    logger = logging.getLogger("redaction-test")
    logger.addHandler(handler)
    logger.propagate = False
    yield written
    logger.removeHandler(handler)


def test_the_log_hides_what_was_remembered(log: io.StringIO) -> None:
    remember(PLAIN)

    fields = {"shop": f"s {PLAIN}"}
    logging.getLogger("redaction-test").warning("key %s", PLAIN, extra={"fields": fields})

    assert f"key {HIDDEN}" in log.getvalue()
    assert f"s {HIDDEN}" in log.getvalue()
    assert PLAIN not in log.getvalue()


def test_the_log_hides_secrets_in_exceptions(log: io.StringIO) -> None:
    remember(PLAIN)
    try:
        raise ValueError(f"cannot use {PLAIN}")
    except ValueError:
        logging.getLogger("redaction-test").exception("broken")

    assert f"ValueError: cannot use {HIDDEN}" in log.getvalue()
    assert PLAIN not in log.getvalue()


def test_what_is_remembered_later_is_hidden_from_then_on(log: io.StringIO) -> None:
    late = f"late-{uuid.uuid4().hex}"  # remembered for the life of this process
    logger = logging.getLogger("redaction-test")
    logger.warning("first %s", late)
    assert late in log.getvalue()
    remember(late)
    logger.warning("second %s", late)

    assert log.getvalue().count(late) == 1


def test_the_register_forgets_the_oldest_when_it_is_full(register: SecretRegister) -> None:
    register.remember("the-oldest-one")
    register.remember("kept-in-use")
    for number in range(MOST_REMEMBERED - 2):
        register.remember(f"secret-{number}")
    register.remember("kept-in-use")
    register.remember("the-newest-one")

    cleaned = register.text("the-oldest-one kept-in-use the-newest-one")

    assert cleaned == f"the-oldest-one {HIDDEN} {HIDDEN}"


def _echo(secret: str) -> Script:
    async def script(
        stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        request = (await read_request(stub, reader)).decode("utf-8", "replace")
        body = json.dumps(
            {"error": "bad request", "request": request, "html": html.escape(request)}
        )
        location = f"/?token={quote(secret, safe='')}"
        writer.write(answer(400, body.encode(), location=location, x_debug=quote_plus(request)))
        await writer.drain()

    return script


async def _send_with_secret(stub: Stub, secret: str) -> OutboundResponse | OutboundFailure:
    basic = base64.b64encode(f"user:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "X-Api-Key": secret}
    url = f"{stub.url}/?key={quote(secret, safe='')}"
    async with HttpClient(AddressGuard([stub.address])) as client:
        body = json.dumps({"key": secret}).encode()
        return await client.send(OutboundRequest("POST", url, headers, body))
