"""A phone number is shown to be one's own by a code, and then gets what a customer would get."""

import re
from typing import Any
from urllib.parse import parse_qsl

from tests.proofs.conftest import Merchant
from tests.runs.conftest import ANNA, node

THANKS = "Thank you, {{ customer.first_name }}!"
SMS = node("sms", "action.send_sms@1", to="{{ customer.phone }}", text=THANKS)
NUMBER = "+48600100200"


async def connect(merchant: Merchant) -> None:
    """The shop's account at an SMS provider."""
    body = {
        "app": "twilio", "name": "Twilio", "is_default": True, "save_anyway": True,
        "settings": {"account_sid": "AC" + "0" * 32, "from": "+15005550006"},
        "secrets": {"auth_token": "secret-of-the-shop"},
    }  # fmt: skip
    made = await merchant.client.post("/api/connections", json=body)
    assert made.status_code == 201, made.text


def sent(merchant: Merchant) -> list[dict[str, str]]:
    """The forms that went to the provider."""
    bodies = (each.body for each in merchant.twilio.asked)
    return [dict(parse_qsl(body.decode())) for body in bodies]


async def test_an_sms_reaches_the_verified_phone_alone(merchant: Merchant) -> None:
    await connect(merchant)
    assert (await merchant.press(SMS)).json()["kind"] == "phone"
    assert (await merchant.ask_code("phone", address="+48 600-100-200")).status_code == 202
    await merchant.post.deliver_due()
    code = re.search(r"\b\d{6}\b", sent(merchant)[0]["Body"])
    assert code
    assert (await merchant.tell(code.group(), "phone")).status_code == 200
    done = await merchant.outcome(await merchant.press(SMS))
    assert (done["status"], done["channel"], done["to"]) == ("sent", "sms", NUMBER)
    assert sent(merchant)[-1]["Body"] == "Thank you, Anna!"
    assert {form["To"] for form in sent(merchant)} == {NUMBER}
    assert str(ANNA["phone"]) not in str(sent(merchant))
    shown: dict[str, Any] = (await merchant.client.get("/api/outbox")).json()["items"][0]
    assert (shown["to"], shown["text"], shown["test"]) == (NUMBER, "Thank you, Anna!", True)
