"""Tags: on what, and in which shop."""

from typing import Any

import pytest

from cartwheel.node_sdk import ConnectionInfo, Response
from tests.node_catalog.stage import Call, performed

SHOPIFY = ConnectionInfo("c", "shopify", "Shop", {"shop": "mine.myshopify.com"})
WOO = ConnectionInfo("c", "woocommerce", "Shop", {"url": "https://shop.example.com"})
SANDBOX = ConnectionInfo("c", "sandbox", "Sandbox", {})
ADDED = Response(200, body={"data": {"tagsAdd": {"node": {}, "userErrors": []}}})


async def tagged(
    scope: dict[str, Any],
    connection: ConnectionInfo = SANDBOX,
    calls: list[Call] | None = None,
    **config: Any,
) -> Any:
    given = {"target": "order", "tags": ["vip"], **config}
    played = await performed(
        "action.add_tags", given, scope, connection=connection, calls=calls or []
    )
    return played.error or played.output


async def test_the_order_of_the_run_is_tagged() -> None:
    assert (await tagged({"order": {"id": "7"}}))["id"] == "7"


async def test_in_a_body_the_product_of_the_item_is_tagged() -> None:
    output = await tagged({"item": {"product_id": "70"}}, target="product")
    assert output["id"] == "70"


@pytest.mark.parametrize("scope", [{}, {"order": None}, {"order": {"id": None}}, {"item": 5}])
async def test_a_run_about_nothing_is_told_so(scope: dict[str, Any]) -> None:
    assert await tagged(scope) == "no_target"


@pytest.mark.parametrize("target", ["contact", "customer"])
async def test_the_customer_of_the_run_is_tagged(target: str) -> None:
    url = "https://shop.example.com/wp-json/wc/v3/customers/9"
    calls: list[Call] = [
        ({"url": f"{url}?_fields=meta_data"}, Response(200, body={})),
        ({"url": url}, Response(200)),
    ]
    output = await tagged({"customer": {"id": "9"}}, WOO, calls, target=target)
    assert (output["target"], output["id"]) == (target, "9")


async def test_another_id_can_be_given() -> None:
    assert (await tagged({"id": "9"}, resource_id="{{ id }}"))["id"] == "9"


async def test_the_same_tag_is_added_once() -> None:
    output = await tagged({"order": {"id": "7"}}, tags=["vip", " vip ", "gift"])
    assert output["tags"] == ["vip", "gift"]


async def test_a_whole_shopify_id_is_left_as_it_is() -> None:
    gid = "gid://shopify/DraftOrder/5"
    variables = {"id": gid, "tags": ["vip"]}
    url = "https://mine.myshopify.com/admin/api/2026-04/graphql.json"
    output = await tagged({}, SHOPIFY, [({"url": url}, ADDED)], resource_id=gid)
    assert output["id"] == variables["id"]


@pytest.mark.parametrize("body", ["<html>", None, {"data": None}, {"data": {"tagsAdd": None}}])
async def test_an_odd_answer_of_shopify_breaks_nothing(body: Any) -> None:
    output = await tagged({"order": {"id": "7"}}, SHOPIFY, [({}, Response(200, body=body))])
    assert output["tags"] == ["vip"]


@pytest.mark.parametrize("body", [{}, {"meta_data": None}, {"meta_data": []}, "<html>"])
async def test_the_first_tags_in_woocommerce(body: Any) -> None:
    written = {"body": {"meta_data": [{"key": "cartwheel_tags", "value": "vip"}]}}
    calls: list[Call] = [({"method": "GET"}, Response(200, body=body)), (written, Response(200))]
    assert (await tagged({"order": {"id": "7"}}, WOO, calls))["tags"] == ["vip"]


async def test_an_id_cannot_lead_elsewhere_in_woocommerce() -> None:
    url = "https://shop.example.com/wp-json/wc/v3/orders/..%2Fusers%2F1"
    calls: list[Call] = [
        ({"url": f"{url}?_fields=meta_data"}, Response(200, body={})),
        ({"url": url}, Response(200)),
    ]
    assert (await tagged({}, WOO, calls, resource_id="../users/1"))["tags"] == ["vip"]


async def test_an_empty_tag_is_refused() -> None:
    assert await tagged({"order": {"id": "7"}}, tags=["{{ order.nothing }}"]) == "bad_setting"
