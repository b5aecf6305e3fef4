"""Nothing in the tree that belongs to one machine, or to nobody but its owner."""

import re

from tests.house.tree import script_files, shown, text_files

# Written in pieces, so that this file does not find itself.
MACHINE_PATHS = [
    r"/" + r"root/\.",
    r"/" + r"Users/[a-z]",
    r"C:" + r"\\Users",
    r"/" + r"work/(main|shared|brief)",
]
SECRETS = [
    r"AKIA" + r"[0-9A-Z]{16}",
    r"sk_live_" + r"[0-9a-zA-Z]{16,}",
    r"xox[bp]-" + r"[0-9]{10,}-[0-9A-Za-z-]{20,}",
    r"shp(at|ss)_" + r"[0-9a-f]{32}",
    r"gh[pousr]_" + r"[0-9A-Za-z]{36}",
    r"-----BEGIN (RSA |EC )?PRIVATE " + r"KEY-----",
]
HTML_FROM_TEXT = re.compile(
    r"dangerouslySetInnerHTML|\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write"
)
_FORBIDDEN = re.compile("|".join((*MACHINE_PATHS, *SECRETS)))


def test_no_secret_and_no_path_of_a_machine() -> None:
    found = [
        (shown(file), match[0])
        for file in text_files()
        if (match := _FORBIDDEN.search(file.read_text(encoding="utf-8")))
    ]

    assert found == []


def test_t6_no_screen_makes_html_of_a_text() -> None:
    """A message's HTML is drawn in a frame that may do nothing; nothing else is."""
    found = [
        (shown(file), match[0])
        for file in script_files()
        if ".test." not in file.name
        if (match := HTML_FROM_TEXT.search(file.read_text(encoding="utf-8")))
    ]

    assert found == []
