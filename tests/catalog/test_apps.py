"""Apps: their forms, and where their secrets may go."""

import base64

import pytest

from cartwheel.catalog.apps import put_secrets
from cartwheel.catalog.registry import Registry
from cartwheel.catalog.request_block import build_request
from cartwheel.node_sdk import ConnectionInfo, HttpRequest, NodeError

SID = "AC0123456789abcdef0123456789abcdef"


def test_every_app_of_the_first_flow_is_there(registry: Registry) -> None:
    wanted = {"sandbox", "smtp", "whatsapp", "twilio", "slack", "shopify", "woocommerce"}
    assert wanted | {"standard", "http"} <= set(registry.apps)


def test_a_bearer_token_goes_into_its_header(registry: Registry) -> None:
    request = HttpRequest("POST", "https://slack.com/api/chat.postMessage", {"X-A": "1"})
    made = put_secrets(registry.apps["slack"], request, {}, {"bot_token": "xoxb-1"})
    assert made.headers == {"X-A": "1", "Authorization": "Bearer xoxb-1"}


def test_user_name_and_password_are_joined(registry: Registry) -> None:
    request = HttpRequest("GET", f"https://api.twilio.com/2010-04-01/Accounts/{SID}.json")
    made = put_secrets(registry.apps["twilio"], request, {"account_sid": SID}, {"auth_token": "t"})
    assert base64.b64decode(made.headers["Authorization"].split()[1]).decode() == f"{SID}:t"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.com/",
        "https://slack.com.evil.example.com/",
        "https://slack.com@evil.example.com/",
        "http://slack.com/api/x",
        "https://slack.com:8443/api/x",
    ],
)
def test_a_secret_never_travels_to_a_stranger(registry: Registry, url: str) -> None:
    with pytest.raises(NodeError) as caught:
        put_secrets(registry.apps["slack"], HttpRequest("GET", url), {}, {"bot_token": "xoxb-1"})
    assert caught.value.code == "wrong_host"


def test_a_shops_secret_travels_only_to_that_shop(registry: Registry) -> None:
    shopify, secrets = registry.apps["shopify"], {"access_token": "shpat_1"}
    request = HttpRequest("POST", "https://other.myshopify.com/admin/api/2026-04/graphql.json")
    with pytest.raises(NodeError, match="may not be used"):
        put_secrets(shopify, request, {"shop": "mine.myshopify.com"}, secrets)


def test_an_address_with_a_key_keeps_its_own_port_and_scheme(registry: Registry) -> None:
    settings = {"address": "http://erp.example.com:8069", "kind": "header", "header_name": "X-Key"}
    request = HttpRequest("GET", "http://erp.example.com:8069/orders")
    made = put_secrets(registry.apps["http"], request, settings, {"secret": "s3cret"})
    assert made.headers == {"X-Key": "s3cret"}


def test_a_standard_port_may_be_written_or_not(registry: Registry) -> None:
    settings = {"address": "https://api.example.com:443", "kind": "bearer"}
    request = HttpRequest("GET", "https://api.example.com/x")
    made = put_secrets(registry.apps["http"], request, settings, {"secret": "s3cret"})
    assert made.headers == {"Authorization": "Bearer s3cret"}


def test_a_missing_secret_is_asked_for_by_name(registry: Registry) -> None:
    request = HttpRequest("POST", "https://mine.myshopify.com/admin/api/2026-04/graphql.json")
    with pytest.raises(NodeError, match="The connection has no “access token”"):
        put_secrets(registry.apps["shopify"], request, {"shop": "mine.myshopify.com"}, {})


@pytest.mark.parametrize("app_id", ["twilio", "slack", "whatsapp", "shopify", "woocommerce"])
def test_every_vendor_can_be_tested_at_its_own_host(registry: Registry, app_id: str) -> None:
    app = registry.apps[app_id]
    settings = {
        "account_sid": SID,
        "phone_number_id": "123456",
        "shop": "mine.myshopify.com",
        "url": "https://shop.example.com",
    }
    secrets = dict.fromkeys(app.secret_fields, "a-secret-value")
    assert app.test is not None
    request = build_request(app.test, {}, ConnectionInfo("c", app_id, "Name", settings))
    assert put_secrets(app, request, settings, secrets).headers[
        "X-Shopify-Access-Token" if app_id == "shopify" else "Authorization"
    ]


def test_secret_fields_are_known(registry: Registry) -> None:
    assert registry.apps["smtp"].secret_fields == {"password"}


def test_a_form_tells_what_is_wrong_with_a_connection(registry: Registry) -> None:
    faults = registry.apps["twilio"].form.faults(
        {"account_sid": "x", "auth_token": "y" * 20}, rendered=True
    )
    assert [fault.message for fault in faults] == [
        "Give a sender or a messaging service.",
        "The account SID begins with AC and has 34 characters.",
    ]


def test_the_sandbox_carries_every_channel_of_the_message_steps(registry: Registry) -> None:
    used = {each.message.channel for each in registry.types if each.message}
    assert used <= set(registry.apps["sandbox"].channels)
