"""What a step is called in a reader's language."""

from cartwheel.catalog.node_type import NodeType
from cartwheel.languages import reader


def title_in(label: str | None, node_type: NodeType | None, language: str | None = None) -> str:
    """The name that a person gave the step, as it stands; else its kind in a language, in the
    reader's where none is named. Empty where nothing is known of it."""
    if label or node_type is None:
        return label or ""
    words = node_type.translations.get(language or reader.get())
    translated = words.get("label") if isinstance(words, dict) else None
    return str(translated or node_type.label)
