"""What the answers of the outside mean."""

from datetime import UTC, datetime, timedelta

import pytest

from cartwheel.catalog.refusals import RefusalRule, RefusalTable, refusal
from cartwheel.catalog.registry import Registry
from cartwheel.node_sdk import InDoubt, NodeError, Response, RetryLater

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TABLE = RefusalTable("Acme", code_at=("/code",), words_at=("/message",))


def never(table: RefusalTable, response: Response) -> NodeError:
    refused = refusal(table, response, NOW)
    assert isinstance(refused, NodeError)
    return refused


def later(table: RefusalTable, response: Response) -> RetryLater:
    refused = refusal(table, response, NOW)
    assert isinstance(refused, RetryLater)
    return refused


@pytest.mark.parametrize("status", [200, 201, 204, 250])
def test_a_success_is_no_refusal(status: int) -> None:
    assert refusal(TABLE, Response(status), NOW) is None


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503, 521, 522])
def test_overload_and_server_errors_are_tried_again(status: int) -> None:
    assert "Acme cannot take this right now" in later(TABLE, Response(status)).message


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "refused"),
        (401, "not_authorised"),
        (403, "not_allowed"),
        (404, "not_found"),
        (302, "refused"),
    ],
)
def test_everything_else_is_final(status: int, code: str) -> None:
    assert never(TABLE, Response(status)).code == code


def test_the_providers_words_are_passed_on() -> None:
    assert (
        never(TABLE, Response(400, body={"message": "bad tag"})).message == "Acme refused: bad tag"
    )


def test_words_of_any_length_are_cut() -> None:
    assert len(never(TABLE, Response(400, body={"message": "x" * 9000})).message) < 400


def test_the_providers_code_goes_before_the_status() -> None:
    rule = RefusalRule("stopped", "The person said stop.", "Do not write.", provider_code="21610")
    table = RefusalTable("Acme", code_at=("/code",), rules=(rule,))
    refused = never(table, Response(400, body={"code": 21610}))
    assert (refused.code, refused.message, refused.fix) == (
        "stopped",
        "The person said stop.",
        "Do not write.",
    )


def test_a_class_of_statuses_can_be_named() -> None:
    table = RefusalTable(rules=(RefusalRule("full", "Full.", status="5xx"),))
    assert never(table, Response(552)).code == "full"


def test_a_200_that_is_no_success_is_noticed() -> None:
    table = RefusalTable("Slack", code_at=("/error",), words_at=("/error",), success=("/ok", True))
    assert refusal(table, Response(200, body={"ok": True}), NOW) is None
    assert (
        never(table, Response(200, body={"ok": False, "error": "odd"})).message
        == "Slack refused: odd"
    )
    assert isinstance(refusal(table, Response(200, body="<html>"), NOW), InDoubt)


@pytest.mark.parametrize("status", [502, 504, 520, 524])
def test_a_gateways_answer_leaves_it_in_doubt(status: int) -> None:
    assert isinstance(refusal(TABLE, Response(status), NOW), InDoubt)


def test_a_provider_that_names_its_502_is_believed() -> None:
    busy = RefusalRule("busy", "Busy.", provider_code="7", later=True)
    table = RefusalTable("Acme", code_at=("/code",), rules=(busy,))
    assert later(table, Response(502, body={"code": 7})).message == "Busy."


def test_a_provider_that_does_not_know_itself_leaves_it_in_doubt() -> None:
    torn = RefusalRule("torn", "Perhaps.", provider_code="7", in_doubt=True)
    table = RefusalTable("Acme", code_at=("/code",), rules=(torn,))
    assert refusal(table, Response(200, body={"code": 7}), NOW) is None
    assert isinstance(refusal(table, Response(500, body={"code": 7}), NOW), InDoubt)


def test_who_asks_for_fewer_requests_slows_the_whole_connection_down() -> None:
    throttled = RefusalRule("busy", "Slowly.", provider_code="7", pause=True)
    table = RefusalTable("Acme", code_at=("/code",), rules=(throttled,))
    assert later(table, Response(400, body={"code": 7})).pause
    assert later(TABLE, Response(429)).pause
    assert not later(TABLE, Response(500)).pause


@pytest.mark.parametrize(
    ("given", "wait"),
    [
        ("30", timedelta(seconds=30)),
        (" 30 ", timedelta(seconds=30)),
        ("0", None),
        ("1.5", timedelta(seconds=1.5)),
        ("9" * 400, timedelta(days=1)),
        ("Sunday, 22-Nov-26 09:31:00 GMT", timedelta(minutes=1)),
        ("Sun Nov 22 09:31:00 2026", timedelta(minutes=1)),
        ("Sun, 22 Nov 2026 10:31:00 +0100", timedelta(minutes=1)),
        ("Sun, 99 Nov 2026 09:31:00 GMT", None),
        ("Sun, 22 Nov 2026 09:31:00 GMT", timedelta(minutes=1)),
        ("99999999999", timedelta(days=1)),
        ("Sun, 22 Nov 2020 09:31:00 GMT", None),
        ("soon", None),
        ("-5", None),
        ("nan", None),
        ("inf", None),
        ("1e3", None),
        ("", None),
    ],
)
def test_the_wait_that_was_asked_for_is_kept(given: str, wait: timedelta | None) -> None:
    assert later(TABLE, Response(429, {"retry-after": given})).after == wait


def test_a_nodes_rows_go_before_its_apps() -> None:
    app = RefusalTable("Acme", ("/code",), rules=(RefusalRule("a", "App.", provider_code="1"),))
    own = RefusalTable(rules=(RefusalRule("b", "Own.", provider_code="1"),))
    assert never(own.over(app), Response(400, body={"code": "1"})).code == "b"


def test_refusals_speak_the_languages_of_the_catalogue(registry: Registry) -> None:
    table = registry.get("action.send_sms", 1).refusals_in("pl")
    refused = never(table, Response(400, body={"code": 21610}))
    assert refused.message.startswith("Ta osoba odpowiedziała STOP")


def test_an_unknown_language_falls_back_to_english(registry: Registry) -> None:
    table = registry.get("action.send_sms", 1).refusals_in("tlh")
    assert never(table, Response(400, body={"code": 21610})).message.startswith("This person")
