"""Sentences reach their reader in the reader's language, whenever they were written down."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from cartwheel.catalog.config import ConfigSchema
from cartwheel.catalog.form_words import form_words
from cartwheel.catalog.formats import FORMATS
from cartwheel.catalog.refusal_words import refusal_words
from cartwheel.languages import LANGUAGES, PLACE, preferred, said, sentences
from tests.languages.sentences import is_piece, spoken

PAGE = Path(__file__).parents[2] / "docs" / "problems.md"
OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_for_merchants_has_a_translation(language: str) -> None:
    table = sentences(language)
    whole = [PLACE.sub("{}", form) for form in table]
    missing = {
        form: place
        for place, form in spoken()
        if form not in table and not is_piece(PLACE.sub("{}", form), whole)
    }
    assert missing == {}, f"{len(missing)} sentences lack a line in languages/{language}.json"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_of_its_original(language: str) -> None:
    differing = [
        english
        for english, other in {**sentences(language), **refusal_words(language)}.items()
        if {number for number, _ in PLACE.findall(english)}
        != {number for number, _ in PLACE.findall(other)}
    ]
    assert differing == []


def test_a_sentence_inside_a_sentence_is_translated_too() -> None:
    told = said("“text” could not be filled in: There is no filter “shout”.", "pl")
    assert told == "Nie można było wypełnić „text”: Nie ma filtra „shout”."
    guessed = said("There is no filter “mony”. Did you mean “money”?", "pl")
    assert guessed == "Nie ma filtra „mony”. Czy chodziło o „money”?"


def test_what_no_table_knows_stays_as_it_is() -> None:
    assert said("Quota exceeded for project 7", "pl") == "Quota exceeded for project 7"


@pytest.mark.parametrize(
    ("header", "language"),
    [("pl-PL,pl;q=0.9,en;q=0.8", "pl"), ("de, pl", "pl"), ("*", "en"), ("pl;q=0", "en")],
)
def test_the_first_language_that_we_speak_is_taken(header: str, language: str) -> None:
    assert preferred(header) == language


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_refusal_is_said_in_the_language_that_was_asked_for(
    client: httpx.AsyncClient,
) -> None:
    answers = [
        await client.get("/api/runs/none", headers={"Accept-Language": language})
        for language in ("pl-PL,pl;q=0.9", "en")
    ]
    assert [answer.json()["detail"] for answer in answers] == [
        "Nie ma tu takiego przebiegu.",
        "There is no such run here.",
    ]
    graph = {"schema": 1, "nodes": [], "edges": []}
    checked = await client.post(
        "/api/workflows/validate", json={"graph": graph}, headers={"Accept-Language": "pl"}
    )
    problem = checked.json()["problems"][0]
    assert (problem["code"], problem["message"]) == (
        "no_trigger",
        "Nic nie uruchamia tego przepływu.",
    )


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(({"type": kind}, None) for kind in ("string", "number", "integer", "boolean", "array")),
        ({"type": "object"}, 3),
        ({"enum": ["days", "weeks"]}, "years"),
        ({"const": 3}, 4),
        *(({"type": "string", "format": name}, "-") for name in FORMATS),
        ({"minLength": 1}, ""),
        ({"minLength": 3}, "ab"),
        ({"maxLength": 3}, "abcd"),
        ({"minItems": 1}, []),
        ({"minItems": 2}, [1]),
        ({"maxItems": 1}, [1, 2]),
        ({"uniqueItems": True}, [1, 1]),
        ({"minimum": 3}, 2),
        ({"maximum": 3}, 4),
        ({"exclusiveMinimum": 3}, 3),
        ({"exclusiveMaximum": 3}, 3),
        ({"minProperties": 2}, {"a": 1}),
        ({"maxProperties": 1}, {"a": 1, "b": 2}),
        ({"pattern": "x"}, "y"),
    ],
)
def test_what_is_wrong_with_a_setting_is_said_in_every_language(
    field: dict[str, Any], value: Any, language: str
) -> None:
    form = ConfigSchema({"properties": {"amount": {**field, "title": "How long"}}})
    (fault,) = form.faults({"amount": value}, rendered=True)
    told = said(fault.message, language)
    assert told != fault.message
    assert not re.search(
        r"\b(must|such|needs|or|and|text|number|whole|date)\b", told.replace("„How long”", "")
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_setting_is_called_what_its_form_calls_it(client: httpx.AsyncClient) -> None:
    nodes = [
        {"id": "a", "type": "flow.delay@1", "config": {"amount": "many", "unit": "days"}},
        {"id": "b", "type": "flow.delay@1", "config": {"amount": 400, "unit": "days"}},
    ]
    graph = {"schema": 1, "nodes": nodes, "edges": []}
    checked = await client.post(
        "/api/workflows/validate", json={"graph": graph}, headers={"Accept-Language": "pl"}
    )
    told = [each["message"] for each in checked.json()["problems"] if each["field"] == "/amount"]
    assert told == [
        "„Jak długo”: to ma być liczba całkowita.",
        "Czekanie trwa co najmniej 1 jednostkę i łącznie najwyżej rok.",
    ]


@pytest.mark.parametrize("language", OTHERS)
def test_every_problem_that_the_page_shows_is_said_in_every_language(language: str) -> None:
    row = re.compile(r"^\| `\w+` \| (?:error|warning) \| (.+) \| (.+) \|$", re.MULTILINE)
    shown = [each.replace("\\|", "|") for found in row.findall(PAGE.read_text()) for each in found]
    assert len(shown) > 80
    assert [each for each in shown if said(each, language) == each] == []


def test_names_on_forms_hold_no_places_for_values() -> None:
    """A name with `{0}` in it would be taken for the form of a sentence."""
    names = form_words("pl")
    assert [name for name in names if "{" in name] == []
    assert names["How long"] == "Jak długo"
