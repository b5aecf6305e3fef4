"""An e-mail's two forms, plain and HTML, from the one text that a merchant wrote.

Variables in that text were escaped when they were filled in, so every tag in it is the
merchant's own.
"""

import re
from html import unescape
from html.parser import HTMLParser

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_PARAGRAPHS = re.compile(r"\n\s*\n")
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "table", "ul", "ol", "blockquote"}
_LINES = {"br", "tr", "li"}
_HIDDEN = {"style", "script", "head", "title"}


def both_forms(body: str) -> tuple[str, str]:
    """(plain text, HTML) of a body that is simple HTML, or plain text with entities."""
    if _TAG.search(body):
        return _plain_of(body), body
    paragraphs = (part.replace("\n", "<br>\n") for part in _PARAGRAPHS.split(body.strip()))
    return unescape(body.strip()), "\n".join(f"<p>{part}</p>" for part in paragraphs)


def _plain_of(body: str) -> str:
    reader = _Reader()
    reader.feed(body)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Keeps the words of HTML, its line breaks, and where its links lead."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._links: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        if tag == "a":
            self._links.append(dict(attrs).get("href") or "")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in _BLOCKS | _LINES:
            self.parts.append("\n\n" if tag in _BLOCKS else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0
        if tag == "a" and self._links and (link := self._links.pop()):
            self.parts.append(f" ({link})")
        elif tag in _BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            # A line break in HTML source is a space; only tags break lines.
            self.parts.append(data.replace("\n", " "))
