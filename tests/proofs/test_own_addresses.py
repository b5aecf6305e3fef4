"""How a person shows that an address is theirs, and what keeps others from doing so."""

import hmac

import httpx
import pytest

from cartwheel.proofs.codes import CodePlace, OwnCodes
from tests.accounts.objects import everything_of
from tests.proofs.conftest import OWN, Merchant


async def test_an_address_counts_once_its_code_was_told(merchant: Merchant) -> None:
    asked = await merchant.ask_code()
    assert asked.json()["items"][0]["code"]["status"] == "due"
    await merchant.post.deliver_due()
    assert merchant.office.receivers == [OWN]
    told = await merchant.tell(f" {merchant.office.code()[:3]} {merchant.office.code()[3:]}")
    assert told.json()["items"][0] == {
        "kind": "email", "address": OWN, "verified": True, "obstacle": None, "code": None,
    }  # fmt: skip


async def test_a_code_works_once(merchant: Merchant) -> None:
    await merchant.verify()
    await merchant.change("UPDATE own_address SET verified_at = NULL")
    await merchant.ask_code()
    await merchant.post.deliver_due()
    code = merchant.office.code()
    assert (await merchant.tell(code)).status_code == 200
    again = await merchant.tell(code)
    assert (again.status_code, again.json()["code"]) == (409, "code_spent")


async def test_only_the_newest_code_counts(merchant: Merchant) -> None:
    await merchant.ask_code()
    await merchant.post.deliver_due()
    earlier = merchant.office.code()
    await merchant.ask_code()
    await merchant.post.deliver_due()
    assert merchant.office.code() != earlier
    assert (await merchant.tell(earlier)).json()["code"] == "wrong_code"
    assert (await merchant.tell(merchant.office.code())).status_code == 200


async def test_a_code_ends_after_fifteen_minutes(merchant: Merchant) -> None:
    await merchant.ask_code()
    await merchant.post.deliver_due()
    await merchant.change("UPDATE own_address SET code_expires_at = code_expires_at - 900000")
    assert (await merchant.tell(merchant.office.code())).json()["code"] == "code_spent"


async def test_five_wrong_guesses_spend_a_code(merchant: Merchant) -> None:
    await merchant.ask_code()
    await merchant.post.deliver_due()
    right = merchant.office.code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    guesses = [(await merchant.tell(wrong)).json()["code"] for _ in range(6)]
    assert guesses == [*["wrong_code"] * 5, "code_spent"]
    assert (await merchant.tell(right)).json()["code"] == "code_spent"


async def test_codes_are_asked_for_a_few_times_only(merchant: Merchant) -> None:
    answers = [await merchant.ask_code() for _ in range(6)]
    assert [each.status_code for each in answers] == [*[202] * 5, 429]
    assert answers[-1].json()["detail"].startswith("Codes were asked for too often. Try again in")
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_codes_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []
    place, maker = CodePlace(1, "p", OWN, "letter"), OwnCodes(b"k" * 32)
    code = maker.code(place)

    def note(ours: bytes, theirs: bytes) -> bool:
        compared.append((ours, theirs))
        return ours == theirs

    monkeypatch.setattr(hmac, "compare_digest", note)
    assert maker.fits(place, code)
    assert not maker.fits(place, "x")
    assert compared == [(code.encode(), code.encode()), (code.encode(), b"x")]


def test_a_code_fits_one_letter_of_one_person_to_one_address() -> None:
    maker = OwnCodes(b"k" * 32)
    places = [
        CodePlace(workspace, person, address, letter)
        for workspace in (1, 2)
        for person in ("p", "q")
        for address in (OWN, "other@shop.example")
        for letter in ("a", "b")
    ]
    assert len({maker.code(place) for place in places}) == len(places)
    assert maker.code(places[0]) != OwnCodes(b"j" * 32).code(places[0])


async def test_the_book_never_holds_a_code(merchant: Merchant) -> None:
    await merchant.ask_code()
    await merchant.post.deliver_due()
    assert merchant.office.code() not in str(await everything_of(merchant.database, 1))


async def test_another_sign_in_address_has_to_be_shown_anew(merchant: Merchant) -> None:
    await merchant.verify()
    await merchant.change("UPDATE person SET email = 'new@shop.example'")
    shown = (await merchant.client.get("/api/own-addresses")).json()["items"][0]
    assert (shown["address"], shown["verified"]) == ("new@shop.example", False)


async def test_without_a_connection_that_sends_it_is_said_what_to_do(merchant: Merchant) -> None:
    await merchant.change("UPDATE connection SET deleted_at = 1 WHERE id = 'mail'")
    refused = await merchant.ask_code()
    assert (refused.status_code, refused.json()["code"]) == (409, "no_sender")
    email, phone = (await merchant.client.get("/api/own-addresses")).json()["items"]
    assert "Connect your mail server" in email["obstacle"]
    assert "no SMS or WhatsApp connection" in phone["obstacle"]


async def test_a_phone_is_written_with_its_country_code(merchant: Merchant) -> None:
    for given in ("600100200", "+48", "+48 600 100 200 x", "", "+" + "9" * 20):
        answer = await merchant.ask_code("phone", address=given)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_phone"), given


async def test_a_letter_that_the_server_refuses_is_told(merchant: Merchant) -> None:
    merchant.office.verdicts = ["550 no such mailbox"]
    await merchant.ask_code()
    await merchant.post.deliver_due()
    code = (await merchant.client.get("/api/own-addresses")).json()["items"][0]["code"]
    assert code["status"] == "refused"
    assert "no such mailbox" in code["error"]


async def test_a_program_has_no_address_of_its_own(
    token_client: httpx.AsyncClient, merchant: Merchant
) -> None:
    assert (await token_client.get("/api/own-addresses")).json() == {"items": []}
    for answer in (
        await token_client.post("/api/own-addresses/email/code", json={}),
        await token_client.post("/api/own-addresses/email/confirm", json={"code": "1"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
