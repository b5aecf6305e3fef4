"""What a provider's answer tells about an act in doubt: done, surely not, or neither."""

from dataclasses import replace

import pytest

from cartwheel.catalog.lookups import Lookup, ask, read_answer
from cartwheel.catalog.request_block import RequestBlock
from cartwheel.node_sdk import Json, Response, RetryLater

BLOCK = RequestBlock("GET", "https://acme.example/notes", query={"reference": {"$key": ""}})
SEARCH = Lookup(BLOCK, "/notes/0")
BY_REFERENCE = Lookup(BLOCK, "/id", absent="404", answer={"note": {"$body": "/id"}})


def told(status: int, body: Json = None) -> Response:
    return Response(status, {}, body)


def test_the_question_names_the_act_by_its_key() -> None:
    assert ask(SEARCH, {}, None, "k-1").url == "https://acme.example/notes?reference=k-1"


def test_what_is_found_is_the_answer() -> None:
    found = read_answer(SEARCH, {}, told(200, {"notes": [{"id": 7}]}))
    assert found == Response(200, {}, {"id": 7})


def test_the_answer_can_be_shaped_as_the_act_would_have_given_it() -> None:
    found = read_answer(BY_REFERENCE, {}, told(200, {"id": 7}))
    assert found == Response(200, {}, {"note": 7})


@pytest.mark.parametrize(
    ("lookup", "answer"),
    [(SEARCH, told(200, {"notes": []})), (BY_REFERENCE, told(404, {"error": "none"}))],
)
def test_an_empty_place_or_a_404_says_that_it_surely_did_not_happen(
    lookup: Lookup, answer: Response
) -> None:
    assert read_answer(lookup, {}, answer) is None


@pytest.mark.parametrize(
    ("lookup", "answer"),
    [
        (SEARCH, told(404, {"error": "no such route"})),
        (SEARCH, told(200, "<html>")),
        (SEARCH, told(200, {"message": "Down for a moment"})),
        (SEARCH, told(500)),
        (SEARCH, told(200)),
        (BY_REFERENCE, told(200, {})),
        (BY_REFERENCE, told(403)),
        (replace(BY_REFERENCE, absent="empty", found_at="/a/b"), told(200, {"a": None})),
    ],
)
def test_whatever_else_is_answered_tells_neither(lookup: Lookup, answer: Response) -> None:
    with pytest.raises(RetryLater):
        read_answer(lookup, {}, answer)
