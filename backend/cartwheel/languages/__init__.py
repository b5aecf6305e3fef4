"""The server's sentences in the reader's language.

Sentences are written in English where they arise, and kept in English where they are kept. On the
way to a reader each is looked up in that reader's table, by its form: the sentence with `{0}`,
`{1}` where values stand. A value that is itself a sentence is looked up too; a translation may say
what a value is, so that it is written as the language writes it: `{0:field}` the name of a field,
`{1:value}` what was compared. Several sentences in one are joined by "; ". What has no entry stays
English; `tests/languages` names the sentences that lack one.
"""

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import orjson

from cartwheel.languages.places import field_in, numbers_in

ENGLISH: Final = "en"
LANGUAGES: Final = (ENGLISH, "pl")
PLACE: Final = re.compile(r"\{(\d+)(?::(\w+))?\}")
"""Where a value stands in a form, and what it is where a translation says so."""

_BETWEEN = "; "
_MOST_PARTS = 40
_DEEPEST = 4
_LONGEST = 2_000
"""Longer texts are not ours: an answer of a provider, for example."""

Source = Callable[[str], Mapping[str, str]]
_sources: list[Source] = []
_field_sources: list[Source] = []

reader: ContextVar[str] = ContextVar("reader", default=ENGLISH)
"""The language of whoever asked; set for each request by `web.readers`."""


@dataclass(frozen=True, slots=True)
class _Form:
    """What stands before, between and after the values of a sentence."""

    literals: tuple[str, ...]
    translation: str

    @property
    def begins_open(self) -> bool:
        return not self.literals[0]

    @property
    def says(self) -> int:
        return sum(map(len, self.literals))

    def values_in(self, sentence: str) -> tuple[str, ...] | None:
        """The values of a sentence of this form, each as short as can be; in one go through it,
        because what a stranger wrote may stand in it."""
        first, *middle, last = self.literals
        at, end = len(first), len(sentence) - len(last)
        if at > end or not (sentence.startswith(first) and sentence.endswith(last)):
            return None
        values = []
        for literal in middle:
            found = sentence.find(literal, at, end)
            if found < 0:
                return None
            values.append(sentence[at:found])
            at = found + len(literal)
        return (*values, sentence[at:end])


@dataclass(frozen=True, slots=True)
class _Table:
    """Sentences without values; forms that begin with their own words, and those that begin with a
    value. Those that say most are tried first."""

    whole: Mapping[str, str]
    announcing: tuple[_Form, ...]
    open: tuple[_Form, ...]


def preferred(accept_language: str) -> str:
    """The first language of an `Accept-Language` header that has a table, else English."""
    for part in accept_language.split(","):
        name, _, rest = part.strip().partition(";")
        language = name.split("-")[0].lower()
        if language in LANGUAGES and rest.replace(" ", "") != "q=0":
            return language
    return ENGLISH


def said(sentence: str, language: str | None = None) -> str:
    """The sentence in a language; in the reader's where none is named."""
    language = language or reader.get()
    if language == ENGLISH or len(sentence) > _LONGEST:
        return sentence
    return _said(sentence, language, 0)


def said_or_none(sentence: str | None) -> str | None:
    """The sentence in the reader's language, where there is one."""
    return None if sentence is None else said(sentence)


@lru_cache(maxsize=4_096)
def _said(sentence: str, language: str, depth: int) -> str:
    found = _translated(sentence, language, depth)
    return sentence if found is None else found


def _translated(sentence: str, language: str, depth: int) -> str | None:
    """The sentence in a language; None where no table knows it.

    What begins with its own words may announce any sentence, and several; what begins with a value
    is one sentence only.
    """
    table = _table(language)
    if sentence in table.whole:
        return table.whole[sentence]
    found = _by_form(sentence, table.announcing, language, depth)
    if found is None and _BETWEEN in sentence:
        found = _each_translated(sentence, language, depth)
    return found or _by_form(sentence, table.open, language, depth)


def _by_form(sentence: str, forms: tuple[_Form, ...], language: str, depth: int) -> str | None:
    for form in forms:
        values = form.values_in(sentence)
        if values is not None:
            return _filled_in(form.translation, values, language, depth)
    return None


def _each_translated(sentence: str, language: str, depth: int) -> str | None:
    """Sentences that were joined into one; None where one of the parts is none of ours."""
    parts = sentence.split(_BETWEEN)
    if len(parts) > _MOST_PARTS:
        return None
    told = []
    for part in parts:
        found = _translated(part, language, depth)
        if found is None:
            return None
        told.append(found)
    return _BETWEEN.join(told)


def _filled_in(translation: str, values: tuple[str, ...], language: str, depth: int) -> str:
    def value(place: re.Match[str]) -> str:
        found = values[int(place[1])]
        if place[2] == "field":
            named = field_in(found, _fields(language))
            return _said(found, language, depth + 1) if named is None else named
        said_so = _said(found, language, depth + 1) if depth < _DEEPEST else found
        return numbers_in(said_so, language) if place[2] == "value" else said_so

    return PLACE.sub(value, translation)


def teach(source: Source) -> None:
    """Add sentences that stand elsewhere; a source gives a language's table when it is needed."""
    _learn(source, _sources)


def teach_fields(source: Source) -> None:
    """Add what fields are called; only a `{0:field}` is looked up among them."""
    _learn(source, _field_sources)


def _learn(source: Source, sources: list[Source]) -> None:
    if source not in sources:
        sources.append(source)
        _table.cache_clear()
        _fields.cache_clear()
        _said.cache_clear()


@cache
def _fields(language: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for source in _field_sources:
        found = {**source(language), **found}
    return found


@cache
def sentences(language: str) -> Mapping[str, str]:
    """A language's own table: English forms and their translations."""
    found: Mapping[str, str] = orjson.loads(
        (Path(__file__).parent / f"{language}.json").read_bytes()
    )
    return found


@cache
def _table(language: str) -> _Table:
    table = dict(sentences(language))
    for source in _sources:
        table = {**source(language), **table}
    forms = [_form(english, other) for english, other in table.items() if PLACE.search(english)]
    forms.sort(key=lambda form: -form.says)
    return _Table(
        {a: b for a, b in table.items() if not PLACE.search(a)},
        tuple(form for form in forms if not form.begins_open),
        tuple(form for form in forms if form.begins_open),
    )


def _form(english: str, translation: str) -> _Form:
    return _Form(tuple(PLACE.split(english)[:: PLACE.groups + 1]), translation)
