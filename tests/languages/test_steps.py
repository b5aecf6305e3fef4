"""What steps say of themselves reaches its reader whole: names of fields, numbers and words."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from cartwheel import worker
from cartwheel.catalog.playing import play
from cartwheel.catalog.registry import load_registry
from cartwheel.expressions.operators import OPERATORS, Needs
from cartwheel.expressions.problems import RuleError
from cartwheel.expressions.rules import compile_rules
from cartwheel.languages import LANGUAGES, PLACE, said, sentences
from cartwheel.runs.field_words import OWNERS, teach_words
from cartwheel.settings import Settings
from tests.node_catalog.test_every_node import simulated

FRONTEND = Path(__file__).parents[2] / "frontend/src"
OTHERS = [language for language in LANGUAGES if language != "en"]
ENGLISH = re.compile(r"\b(is|are|of|which|the|not|no|has|had|and|more|match|value|with|to)\b")


@pytest.fixture(autouse=True, scope="module")
def taught() -> None:
    teach_words()


@pytest.mark.parametrize(
    ("english", "polish"),
    [
        ("Order #1042", "Zamówienie #1042"),
        (
            "Order total is 50.50, which is not above 1,000",
            "Suma zamówienia: 50,50, co nie jest powyżej 1000",
        ),
        (
            "This path ends here: Order total is 12,000.50, which is not below 5; "
            "Customer name is empty; and 2 more",
            "Ta ścieżka kończy się tutaj: Suma zamówienia: 12\u00a0000,50, co nie jest poniżej 5; "
            "Imię i nazwisko klienta: puste; i jeszcze 2",
        ),
        (
            "Find a row count is 3, which is below 5",
            "Znajdź wiersz: liczba: 3, co jest poniżej 5",
        ),
        ("My list count is 3, which equals 5", "My list: liczba: 3, co jest równe 5"),
        (
            "Outside of a test it would not start: Order total is 5, which is not above 6; "
            "Order note is empty.",
            "Poza testem nie ruszyłoby: Suma zamówienia: 5, co nie jest powyżej 6; "
            "Notatka zamówienia: puste.",
        ),
        ("Order number is 12345, which equals 1.5", "Numer zamówienia: 12345, co jest równe 1.5"),
    ],
)
def test_a_judgement_is_told_in_the_readers_words(english: str, polish: str) -> None:
    assert said(english, "pl") == polish


@pytest.mark.parametrize("language", OTHERS)
def test_every_judgement_has_its_words(language: str) -> None:
    told = {sentence: said(sentence, language) for sentence in judgements()}
    assert len(told) > 80
    assert {english: other for english, other in told.items() if ENGLISH.search(other)} == {}


def judgements() -> Iterator[str]:
    """What conditions say with every operator, of values, of nothing and of lists."""
    for operator in OPERATORS.values():
        for value, left in COMPARED:
            several = operator.needs in {Needs.TWO, Needs.SEVERAL}
            given = [value, value] if several else value
            for mode in ("all", "some", "none"):
                rule = {"field": "total", "operator": operator.name, "quantifier": mode}
                needs_none = operator.needs is Needs.NOTHING
                yield from _said_of({**rule, "value": None if needs_none else given}, left)
    inner = {"combinator": "and", "rules": [{"field": "a", "operator": ">", "value": "1"}]}
    for mode in ("all", "some", "none", "atLeast", "atMost", "exactly"):
        match = {"mode": mode, "threshold": 0.5 if mode == "atLeast" else 2}
        for entries in ([], [{"a": 1}, {"a": 2}]):
            rule = {"field": "total", "operator": "="}
            yield from _said_of({**rule, "match": match, "value": inner}, entries)


COMPARED: tuple[tuple[str, Any], ...] = (
    ("1000", "2000.5"), ("1000", None), ("2026-11-22", "2026-11-20"),
    ("1000", ["10", "20", "30", "40", "50", "6000"]), ("1000", []), ("", "5"),
)  # fmt: skip


def _said_of(rule: Any, left: Any) -> Iterator[str]:
    """What is said of the rule, and of its opposite."""
    for turned in (False, True):
        tree = {"combinator": "and", "not": turned, "rules": [rule]}
        try:
            yield compile_rules(tree).judge({"total": left}, names={"total": "Order total"}).words
        except RuleError:
            return


def test_comparisons_are_said_as_the_screen_says_them() -> None:
    """Where a step keeps what it compared, the screen makes the sentence itself."""
    screens = {
        language: _comparisons(
            json.loads((FRONTEND / f"i18n/locales/{language}/run.json").read_text())["compared"]
        )
        for language in LANGUAGES
    }
    for language in OTHERS:
        table = sentences(language)
        pairs = dict(zip(screens["en"], screens[language], strict=True))
        shared = {form: PLACE.sub(r"{\1}", table[form]) for form in pairs if form in table}
        assert len(shared) > 25
        assert shared == {form: pairs[form] for form in shared}


def _comparisons(words: dict[str, Any]) -> list[str]:
    """Forms from `{{name}}: {{value}}`, in the order of the file."""
    texts = [words[key] for key in ("value", "missing", "nothing", "some", "none", "each")]
    texts += [*words["is"].values(), *words["isNot"].values()]
    numbers = {"name": 0, "value": 1, "right": 0, "first": 0, "second": 1}
    forms = []
    for text in texts:
        said_at = 2 if "{{value}}" in text else 1
        places = {**numbers, "said": said_at}
        forms.append(
            re.sub(r"\{\{(\w+)\}\}", lambda place: f"{{{places[place[1]]}}}", text)  # noqa: B023
        )
    return forms


def test_owners_of_fields_are_named_as_on_the_screen() -> None:
    script = (FRONTEND / "editor/summary/genitives.ts").read_text()
    pairs = re.findall(r'^    "?([\w ]+)"?: "([\w ]+)",$', script, re.MULTILINE)
    assert dict(pairs) == OWNERS["pl"]


async def test_what_every_step_says_of_its_samples_has_its_words() -> None:
    """No word of ours is left in English: what a sample's own data holds may stay as it is."""
    left = [
        (ref, english, other)
        async for ref, own, english in _sayings()
        for language in OTHERS
        if _words(_PATH.sub("", english)) & _words(other := said(english, language)) - own - _SHARED
    ]
    assert left == []


_PATH = re.compile(r"\b\w+\.[\w.]+\b")
_SHARED = {
    "id", "sms", "stop", "start", "utc", "whatsapp", "slack", "shopify", "twilio", "test", "to",
    "mail", "owner", "separator", "europe", "berlin",
}  # fmt: skip
"""Words that Polish has too, and names."""


async def _sayings() -> Any:
    """(node type, words in the sample's own data, sentence) of what samples come to."""
    for node_type in load_registry().types:
        for sample in node_type.samples:
            own = _words(json.dumps([sample.config, sample.input, sample.output], default=str))
            own |= {word for call in sample.exchange for word in _words(repr(call))}
            played = await play(node_type, sample)
            for sentence in {played.words, played.message, *await _simulated(node_type, sample)}:
                if sentence:
                    yield node_type.ref, own, sentence


async def _simulated(node_type: Any, sample: Any) -> list[str | None]:
    steps = (await simulated(node_type, sample)).runs[0].steps
    errors = [step.error for step in steps if step.error]
    return [
        *(step.words for step in steps), *(e.message for e in errors), *(e.fix for e in errors)
    ]  # fmt: skip


def _words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d_]{2,}", text)}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_worker_that_writes_letters_knows_the_words_of_forms_and_fields(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught: list[str] = []
    monkeypatch.setattr(worker, "teach_words", lambda: taught.append("all"))
    way_out = SimpleNamespace(registry=load_registry())
    rounds = worker._write_to_people(settings, cast(Any, None), cast(Any, way_out))
    for each in rounds:
        each.cancel()
    assert taught == ["all"]
    assert said("“How long” must be a whole number.", "pl") == (
        "„Jak długo”: to ma być liczba całkowita."
    )
