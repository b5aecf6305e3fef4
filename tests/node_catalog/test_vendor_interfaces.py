"""What our steps send, held against the vendors' own descriptions of their interfaces.

The descriptions lie beside some checkouts only. What must leave is also written down in full in
each node type's samples, which are played everywhere (`test_every_node`).
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry as References
from referencing.jsonschema import DRAFT202012

from cartwheel.catalog.registry import load_registry
from cartwheel.catalog.samples import Exchange

SPECS = Path(__file__).resolve().parents[3] / "shared" / "vendor-specs"
pytestmark = pytest.mark.skipif(
    not SPECS.is_dir(), reason="SKIPPED LOUDLY: ../shared/vendor-specs is not beside this checkout"
)


def spec(name: str) -> Any:
    return json.loads((SPECS / name).read_text())


def calls(node_type: str, app: str) -> list[Exchange]:
    """Every call of a node type's samples through connections of an app."""
    found = [
        call
        for sample in load_registry().latest(node_type).samples
        if sample.connection is not None and sample.connection.app == app
        for call in sample.exchange
    ]
    assert found
    return found


def test_whatsapp_messages_fit_metas_own_schema() -> None:
    document = spec("meta-whatsapp-business-messaging-v23.openapi.json")
    references = References().with_resource("urn:meta", DRAFT202012.create_resource(document))
    schema = {"$ref": "urn:meta#/components/schemas/Message"}
    validator = Draft202012Validator(schema, registry=references)
    for call in calls("action.send_whatsapp", "whatsapp"):
        assert list(validator.iter_errors(call.request["body"])) == []


def test_text_messages_have_only_fields_that_twilio_knows() -> None:
    paths = spec("twilio-api-v2010-messages.openapi.json")["paths"]
    operation = paths["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["post"]
    body = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    for call in calls("action.send_sms", "twilio"):
        form = call.request["form"]
        assert set(form) <= set(body["properties"])
        assert set(body["required"]) <= set(form)
        assert {"From", "MessagingServiceSid"} & set(form)
        assert "Body" in form


def test_slack_messages_have_only_fields_that_slack_knows() -> None:
    parameters = spec("slack-web-api.swagger2.json")["paths"]["/chat.postMessage"]["post"]
    known = {each["name"] for each in parameters["parameters"]}
    for call in calls("action.slack_message", "slack"):
        assert set(call.request["body"]) <= known


@pytest.fixture(scope="module")
def faults_at_shopify() -> Callable[[str], list[Any]]:
    """Tells what Shopify would find wrong with a GraphQL document."""
    graphql = pytest.importorskip("graphql")
    document = (SPECS / "shopify-admin-2026-04.graphql").read_text()
    schema = graphql.build_schema(document, assume_valid=True, no_location=True)
    return lambda source: graphql.validate(schema, graphql.parse(source))


def test_tags_are_added_by_a_mutation_that_shopify_has(
    faults_at_shopify: Callable[[str], list[Any]],
) -> None:
    for call in calls("action.add_tags", "shopify"):
        assert faults_at_shopify(call.request["body"]["query"]) == []


def test_the_shopify_connection_is_tested_by_a_query_that_shopify_has(
    faults_at_shopify: Callable[[str], list[Any]],
) -> None:
    block = load_registry().apps["shopify"].test
    assert block is not None
    assert faults_at_shopify(block.body["query"]) == []


@pytest.mark.parametrize("target", ["orders", "customers", "products"])
def test_woocommerce_takes_a_custom_field_on_every_target(target: str) -> None:
    paths = spec("woocommerce-rest-v3-args.openapi.json")["paths"]
    body = paths[f"/wc/v3/{target}/{{id}}"]["put"]["requestBody"]["content"]["application/json"]
    for call in calls("action.add_tags", "woocommerce"):
        assert set(call.request.get("body") or {}) <= set(body["schema"]["properties"])


@pytest.mark.parametrize(
    ("app", "file", "path"),
    [
        ("twilio", "twilio-api-v2010-messages.openapi.json", "/2010-04-01/Accounts/{Sid}.json"),
        ("slack", "slack-web-api.swagger2.json", "/auth.test"),
        (
            "whatsapp",
            "meta-whatsapp-business-messaging-v23.openapi.json",
            "/{Version}/{Phone-Number-ID}",
        ),
    ],
)
def test_connections_are_tested_where_the_vendor_answers(app: str, file: str, path: str) -> None:
    block = load_registry().apps[app].test
    operations = spec(file)["paths"][path]
    assert block is not None
    # Slack's description knows only GET; its methods take POST as well.
    assert block.method.lower() in operations or app == "slack"
