"""Sentences reach their reader in the reader's language, whenever they were written down."""

import re

import httpx
import pytest

from cartwheel.catalog.refusal_words import refusal_words
from cartwheel.languages import LANGUAGES, preferred, said, sentences
from tests.languages.sentences import spoken

OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_for_merchants_has_a_translation(language: str) -> None:
    table = sentences(language)
    missing = {form: place for place, form in spoken() if form not in table}
    assert missing == {}, f"{len(missing)} sentences lack a line in languages/{language}.json"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_of_its_original(language: str) -> None:
    differing = [
        english
        for english, other in {**sentences(language), **refusal_words(language)}.items()
        if set(re.findall(r"\{\d+\}", english)) != set(re.findall(r"\{\d+\}", other))
    ]
    assert differing == []


def test_a_sentence_inside_a_sentence_is_translated_too() -> None:
    told = said("“text” could not be filled in: There is no filter “shout”.", "pl")
    assert told == "Nie można było wypełnić „text”: Nie ma filtra „shout”."


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
