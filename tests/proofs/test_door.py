"""The door of proofs: whatever a step's settings say, only the verified address can receive."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.registry import load_registry
from cartwheel.catalog.request_block import RequestBlock
from cartwheel.node_sdk import (
    ConnectionInfo,
    Context,
    EmailRequest,
    Emit,
    HttpRequest,
    Json,
    NodeError,
    Request,
)
from cartwheel.proofs.door import AddressKind, address_kind, addressed

WRITING = [each for each in load_registry().types if address_kind(each) is not None]
OWN = {AddressKind.EMAIL: "owner@shop.example", AddressKind.PHONE: "+48600100200"}
CONNECTION = ConnectionInfo(
    "c", "any", "Any", {"account_sid": "AC1", "from": "+1", "phone_number_id": "9"}
)
SOMEBODY = st.from_regex(r"zz[a-z0-9]{12}@zz\.example", fullmatch=True)


def sent(kind: NodeType, config: Mapping[str, Json]) -> Request:
    asked = address_kind(kind)
    assert asked is not None
    return asyncio.run(addressed(kind, config, CONNECTION, OWN[asked], "key"))


def test_there_are_steps_that_can_be_tried() -> None:
    assert {each.name for each in WRITING} == {
        "action.send_email", "action.send_sms", "action.send_whatsapp",
    }  # fmt: skip


@pytest.mark.parametrize("kind", WRITING, ids=lambda each: each.ref)
@given(data=st.data())
def test_no_setting_of_a_step_brings_another_receiver(kind: NodeType, data: st.DataObject) -> None:
    """Every setting but the words holds somebody's address; none of them is left in what leaves."""
    message, own = kind.message, OWN[address_kind(kind) or AddressKind.EMAIL]
    assert message is not None
    words = {message.text, message.subject, "connection"}
    names = [*kind.config_schema["properties"], "cc", "bcc", "recipients"]
    strangers = {name: data.draw(SOMEBODY) for name in names if name not in words}
    texts = {name: data.draw(st.text(min_size=1, max_size=40)) for name in words if name}
    request = sent(kind, {**texts, **strangers})
    strangers.pop("reply_to", None)  # Says where an answer goes, to nobody's mailbox now.
    if isinstance(request, EmailRequest):
        assert request.to == own
        assert {name.lower() for name in request.headers} <= {"reply-to"}
        receivers = json.dumps([request.to, request.text, request.html, request.subject])
    else:
        assert own.removeprefix("+") in json.dumps([request.body, request.form])
        receivers = json.dumps([request.url, dict(request.headers), request.body, request.form])
    assert not [stranger for stranger in strangers.values() if stranger in receivers]


def block(**given: Any) -> RequestBlock:
    fields = {"to": {"$config": "/to"}, "text": {"$config": "/text"}}
    return RequestBlock("POST", "https://api.example/send", **{"body": fields, **given})


SMS = next(each for each in WRITING if each.name == "action.send_sms")


@pytest.mark.parametrize(
    "template",
    [
        block(body={"to": [{"$config": "/to"}, {"$config": "/cc"}]}),
        block(headers={"X-Copy-To": "{config/cc}"}),
        block(query={"to": {"$config": "/second"}}),
        block(body={"to": {"$config": "/to"}, "all": {"$config": ""}}),
        block(body={"to": "+48111222333", "text": {"$config": "/text"}}),
        RequestBlock("POST", "https://api.example/{config/audience}", body={"$config": "/to"}),
    ],
)
def test_a_request_made_of_more_than_the_message_is_refused(template: RequestBlock) -> None:
    with pytest.raises(NodeError, match="cannot be sent to you alone"):
        sent(replace(SMS, request=template), {"to": "+1", "text": "Hi", "cc": "+2"})


def test_a_request_of_the_messages_own_words_is_let_through() -> None:
    request = sent(replace(SMS, request=block()), {"to": "+1", "text": "Hi", "cc": "+2"})
    assert isinstance(request, HttpRequest)
    assert request.body == {"to": OWN[AddressKind.PHONE], "text": "Hi"}


async def twice(ctx: Context, config: Mapping[str, Json]) -> Emit:
    for to in (config["to"], "other@zz.example"):
        await ctx.send(EmailRequest(str(to), "s", "t"))
    return Emit("done")


async def by_http(ctx: Context, config: Mapping[str, Json]) -> Emit:
    await ctx.send(HttpRequest("POST", "https://api.example", body={"to": config["to"]}))
    return Emit("done")


async def reading(ctx: Context, config: Mapping[str, Json]) -> Emit:
    await ctx.fetch(HttpRequest("GET", "https://api.example"))
    return Emit("done")


async def silent(ctx: Context, config: Mapping[str, Json]) -> Emit:
    return Emit("done")


async def with_copies(ctx: Context, config: Mapping[str, Json]) -> Emit:
    copies = {"Cc": "a@zz.example", "BCC": "b@zz.example", "Reply-To": "help@shop.example"}
    await ctx.send(EmailRequest("somebody@zz.example", str(config["subject"]), "t", None, copies))
    return Emit("done")


MAIL = next(each for each in WRITING if each.name == "action.send_email")


def written_by(handler: Any) -> NodeType:
    made = replace(MAIL)
    vars(made)["run"] = handler  # As the cached property would hold it.
    return made


@pytest.mark.parametrize("handler", [twice, by_http, reading, silent])
def test_a_handler_that_does_more_than_write_one_mail_is_refused(handler: Any) -> None:
    with pytest.raises(NodeError, match="cannot be sent to you alone"):
        sent(written_by(handler), {"to": "x@zz.example", "subject": "s", "body": "b"})


def test_a_handlers_own_receivers_and_copies_are_shut_out() -> None:
    request = sent(written_by(with_copies), {"to": "x@zz.example", "subject": "s", "body": "b"})
    assert request == EmailRequest(
        OWN[AddressKind.EMAIL], "s", "t", None, {"Reply-To": "help@shop.example"}
    )
