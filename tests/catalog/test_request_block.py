"""Declared requests: values in their places."""

import pytest

from cartwheel.catalog.request_block import RequestBlock, build_request, read_output
from cartwheel.node_sdk import ConnectionInfo, HttpRequest, NodeError, Response

CONNECTION = ConnectionInfo(
    "c", "app", "Name", {"account": "AC 1/2", "url": "https://shop.example.com"}
)


def built(config: dict[str, object] | None = None, **parts: object) -> HttpRequest:
    given = {"method": "POST", "url": "https://x.example.com", **parts}
    return build_request(RequestBlock(**given), config or {}, CONNECTION, key="k-1")  # type: ignore[arg-type]


def test_a_value_stays_the_json_it_is() -> None:
    request = built(
        {"n": 3, "list": ["a"]}, body={"n": {"$config": "/n"}, "l": {"$config": "/list"}}
    )
    assert request.body == {"n": 3, "l": ["a"]}


def test_a_value_cannot_break_out_of_its_place() -> None:
    request = built({"t": '"}, "admin": {"a": "'}, body={"t": {"$config": "/t"}})
    assert request.body == {"t": '"}, "admin": {"a": "'}


def test_a_missing_value_leaves_its_key_out() -> None:
    assert built(body={"a": {"$config": "/a"}, "b": 1}).body == {"b": 1}


def test_something_can_stand_in_for_a_missing_value() -> None:
    assert built(body={"a": {"$config": "/a", "else": "x"}}).body == {"a": "x"}


def test_a_value_in_a_url_is_encoded() -> None:
    url = built({"id": "../1?a=b#c"}, url="https://x.example.com/o/{config/id}").url
    assert url == "https://x.example.com/o/..%2F1%3Fa%3Db%23c"


def test_a_value_that_begins_a_url_is_the_address() -> None:
    assert built(url="{connection/url}/wp-json").url == "https://shop.example.com/wp-json"


def test_a_query_is_encoded() -> None:
    url = built({"q": "a&b"}, query={"q": {"$config": "/q"}, "none": {"$config": "/no"}}).url
    assert url == "https://x.example.com?q=a%26b"


def test_a_line_break_never_reaches_a_header() -> None:
    with pytest.raises(NodeError, match="line break"):
        built({"h": "a\r\nX-Evil: 1"}, headers={"X-A": "{config/h}"})


def test_the_key_of_the_act_can_be_sent_along() -> None:
    assert built(headers={"Idempotency-Key": "{key}"}).headers == {"Idempotency-Key": "k-1"}


def test_a_form_holds_texts() -> None:
    request = built({"n": 3, "b": True}, form={"N": {"$config": "/n"}, "B": {"$config": "/b"}})
    assert request.form == {"N": "3", "B": "true"}


def test_a_needed_setting_of_the_connection_is_asked_for_by_name() -> None:
    with pytest.raises(NodeError, match="The connection has no “phone number id”"):
        built(url="https://x.example.com/{connection/phone_number_id}")


@pytest.mark.parametrize(
    ("conversion", "given", "made"),
    [
        ("phone", "+48 600-100 200", "+48600100200"),
        ("phone", "0048600100200", "+48600100200"),
        ("phone-digits", "+48 600 100 200", "48600100200"),
        ("text", 5, "5"),
        ("slack-text", "<!channel> & co", "&lt;!channel&gt; &amp; co"),
    ],
)
def test_a_value_is_converted(conversion: str, given: object, made: str) -> None:
    assert built({"v": given}, body={"v": {"$config": "/v", "as": conversion}}).body == {"v": made}


def test_the_output_is_shaped_from_the_answer_and_gaps_are_null() -> None:
    block = RequestBlock(
        "GET",
        "https://x",
        output={"id": {"$body": "/data/0/id"}, "no": {"$body": "/x"}, "s": {"$status": ""}},
    )
    output = read_output(block, {}, Response(201, body={"data": [{"id": 7}]}))
    assert output == {"id": 7, "no": None, "s": 201}


def test_an_answer_that_is_no_json_gives_gaps() -> None:
    block = RequestBlock("GET", "https://x", output={"id": {"$body": "/id"}})
    assert read_output(block, {}, Response(200, body="<html>")) == {"id": None}
