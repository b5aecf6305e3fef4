"""Which connection a step works with."""

from dataclasses import replace

from cartwheel.catalog.registry import load_registry
from cartwheel.connections.choosing import PublicConnection, choose

EMAIL = load_registry().latest("action.send_email")
SANDBOX = PublicConnection("sandbox", "sandbox", "Sandbox", {}, "ok", is_default=False)
POST = PublicConnection("post", "smtp", "Post", {}, "ok", is_default=False)
SHOP = PublicConnection("shop", "shopify", "Shop", {}, "ok", is_default=True)


def test_the_named_one_is_taken() -> None:
    assert choose([SANDBOX, POST], EMAIL, "post") == POST


def test_a_name_that_nobody_has_is_not_replaced_by_another() -> None:
    assert choose([SANDBOX, POST], EMAIL, "gone") is None


def test_a_named_one_of_another_kind_is_not_taken() -> None:
    assert choose([SANDBOX, SHOP], EMAIL, "shop") is None


def test_unnamed_the_default_is_taken() -> None:
    default = replace(POST, is_default=True)
    assert choose([SANDBOX, default, SHOP], EMAIL, None) == default


def test_without_a_default_it_is_the_sandbox() -> None:
    assert choose([POST, SANDBOX, SHOP], EMAIL, None) == SANDBOX


def test_without_a_sandbox_it_is_the_only_one_that_fits() -> None:
    assert choose([POST, SHOP], EMAIL, None) == POST
    assert choose([POST, replace(POST, id="other")], EMAIL, None) is None
