"""Makes printed values safe for the place where a text will stand.

What the merchant wrote is left alone; what comes from data is escaped when it is printed.
"""

import html
import json
import re
from enum import Enum
from urllib.parse import quote

from cartwheel.expressions.problems import TemplateError

_URL_SAFE = "%/:?#[]@!$&'()*+,;=~"
# Everything that some reader of header lines takes for the end of a line, and NUL.
_LINE_END = re.compile("[\x00\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


class Escape(Enum):
    """Where the finished text will stand."""

    NONE = "none"
    HTML = "html"
    JSON = "json"
    """Inside the quotes of a JSON string."""
    URL = "url"
    HEADER = "header"
    """One line: an HTTP header, a subject line."""


class Escaped(str):
    """Text that is already fit for where it will stand."""

    __slots__ = ()


def escape(text: str, sink: Escape, *, leading: bool) -> str:
    """`text` made safe for `sink`. `leading`: nothing stands before it.

    A value that leads a URL may be an address itself, so its slashes and colons stay.
    """
    if sink is Escape.HTML:
        return html.escape(text)
    if sink is Escape.JSON:
        return json.dumps(text, ensure_ascii=False)[1:-1]
    if sink is Escape.URL:
        return quote(text, safe=_URL_SAFE if leading else "", errors="replace")
    return text


def refuse_line_breaks(text: str) -> None:
    """Raises `TemplateError` where `text` would not stay one line."""
    if _LINE_END.search(text):
        raise TemplateError(
            "This text must be a single line, but a line break came out of it. "
            "Remove the break, or add the filter “strip_newlines” to the value that holds it."
        )
