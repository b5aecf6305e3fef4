"""The HTTP request: what leaves, and what its answers mean."""

from typing import Any

import pytest

from cartwheel.node_sdk import Response
from tests.node_catalog.stage import performed

URL = "https://api.example.com/x"
OK = Response(200, {"Content-Type": "text/plain"}, "fine")


async def sent(expected: dict[str, Any], **config: Any) -> None:
    """Passes when exactly this leaves."""
    await performed("action.http_request", {"url": URL, **config}, calls=[(expected, OK)])


async def test_reading_sends_no_content_and_no_key() -> None:
    await sent({"method": "GET", "headers": {}, "body": None}, method="GET", body="ignored")


async def test_acting_sends_its_key() -> None:
    await sent({"headers": {"Idempotency-Key": "sample-key"}, "body": None}, method="DELETE")


async def test_a_key_that_the_merchant_sets_stays() -> None:
    headers = {"idempotency-key": "order-1042"}
    await sent({"headers": headers}, method="POST", headers=headers)


@pytest.mark.parametrize(
    ("body", "kind"),
    [('{"a": 1}', "application/json"), ("hello", "text/plain; charset=utf-8")],
)
async def test_a_text_says_what_it_is(body: str, kind: str) -> None:
    headers = {"Content-Type": kind, "Idempotency-Key": "sample-key"}
    await sent({"headers": headers, "body": body}, method="POST", body=body)


async def test_a_kind_that_the_merchant_names_stays() -> None:
    headers = {"content-type": "application/xml"}
    wanted = {**headers, "Idempotency-Key": "sample-key"}
    await sent({"headers": wanted}, method="POST", body="<a/>", headers=headers)


async def test_a_variable_cannot_lead_elsewhere() -> None:
    config = {"method": "GET", "url": "https://api.example.com/c/{{ id }}"}
    wanted = {"url": "https://api.example.com/c/..%2F..%2F%40evil.example.com%2F"}
    scope = {"id": "../../@evil.example.com/"}
    played = await performed("action.http_request", config, scope, calls=[(wanted, OK)])
    assert played.port == "done"


@pytest.mark.parametrize(
    ("status", "code"), [(404, "not_found"), (400, "refused"), (451, "refused")]
)
async def test_a_refusal_is_final(status: int, code: str) -> None:
    config = {"method": "GET", "url": URL}
    answer = Response(status, body="because")
    played = await performed("action.http_request", config, calls=[({}, answer)])
    assert (played.error, played.later) == (code, False)
    assert "because" in played.message


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
async def test_overload_is_tried_again(status: int) -> None:
    config = {"method": "GET", "url": URL}
    played = await performed("action.http_request", config, calls=[({}, Response(status))])
    assert played.later


@pytest.mark.parametrize(
    "url", ["ftp://x.y", "javascript:alert(1)", "//x.y", "https://", "file:///etc/passwd"]
)
async def test_only_web_addresses_are_called(url: str) -> None:
    played = await performed("action.http_request", {"method": "GET", "url": url})
    assert played.error == "bad_setting"
