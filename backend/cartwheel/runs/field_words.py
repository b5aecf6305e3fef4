"""What fields are called in other languages, by their English names.

A judgement is kept as an English sentence with the names of fields in it ("Order total is 50, which
is not above 100"). On its way to a reader, `cartwheel.languages` looks them up here.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from cartwheel.catalog.form_words import form_words
from cartwheel.catalog.listing import laid_over
from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.refusal_words import refusal_words
from cartwheel.catalog.registry import load_registry
from cartwheel.languages import teach, teach_fields
from cartwheel.runs.field_types import (
    Labels,
    in_english,
    labels_in,
    labels_of_objects,
    softened,
)

OWNERS: Final[Mapping[str, Mapping[str, str]]] = {
    "pl": {
        "adres": "adresu",
        "adres domyślny": "adresu domyślnego",
        "adres dostawy": "adresu dostawy",
        "adres do faktury": "adresu do faktury",
        "klient": "klienta",
        "kontakt": "kontaktu",
        "koszyk": "koszyka",
        "pozycja": "pozycji",
        "pozycje": "pozycji",
        "pozycja zamówienia": "pozycji zamówienia",
        "produkt": "produktu",
        "przepływ": "przepływu",
        "sklep": "sklepu",
        "subskrypcja": "subskrypcji",
        "wysyłka": "wysyłki",
        "przesyłka": "przesyłki",
        "płatność": "płatności",
        "zamówienie": "zamówienia",
        "zdarzenie": "zdarzenia",
        "zwrot": "zwrotu",
        "zwrot pieniędzy": "zwrotu pieniędzy",
    }
}
"""Genitives of those who own fields, where the owner follows what it owns; as on the screen, in
`frontend/src/editor/summary/genitives.ts`."""


def teach_words() -> None:
    """Have everything that the catalogue brings said in its reader's language."""
    teach(refusal_words)
    teach(form_words)
    teach_fields(field_words)


def field_words(language: str) -> Mapping[str, str]:
    """English names of fields, whole ("Find row count") and as they follow the name that a person
    gave a step ("count"), and those of another language."""
    owners = OWNERS.get(language, {})
    found: dict[str, str] = {}
    for node_type in load_registry().types:
        words = node_type.translations.get(language, {})
        whole = laid_over(
            {"label": node_type.label, "output_schema": node_type.output_schema}, words
        )
        for english, other in zip(_labels(node_type), _labels(node_type, whole), strict=True):
            found.setdefault(in_english(english), _owned(other, owners))
            if inner := english[1:]:
                tail = softened(in_english(inner))
                found.setdefault(tail, softened(_owned(other[1:], owners)))
    return found


def _labels(node_type: NodeType, said: Mapping[str, object] | None = None) -> Iterator[Labels]:
    schema = said["output_schema"] if said else node_type.output_schema
    label = str(said["label"] if said else node_type.label)
    if node_type.category == "trigger":
        yield from (labels for _, labels in labels_of_objects(schema))
    yield from (labels for _, labels in labels_in(schema, "", (label,)))


def _owned(labels: Labels, owners: Mapping[str, str]) -> str:
    """“Suma zamówienia” of “Zamówienie”, “Suma”; where an owner is not known, “Krok: suma”."""
    owner, *rest = labels
    if not rest:
        return owner
    inner = _owned(tuple(rest), owners)
    genitive = owners.get(owner.lower())
    if genitive is None:
        return f"{owner}: {softened(inner)}"
    # What names its owner already is enough by itself, in whichever case: “Data zamówienia”.
    return inner if genitive[:-1] in inner.lower() else f"{inner} {genitive}"
