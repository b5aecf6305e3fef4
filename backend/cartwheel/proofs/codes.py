"""Codes that show an address to be somebody's own: six digits, made from the installation's key.

Nothing of ours ever holds a code, nor a hash of one, which a million guesses would open: it is made
when it leaves, and made again to be compared.
"""

import hmac
from dataclasses import dataclass

DIGITS = 6
LASTS_MS = 15 * 60_000
MOST_TRIES = 5
MARK = "~code"
"""Stands in a letter where the code belongs, until it leaves."""

_PURPOSE = b"cartwheel codes of own addresses, 1"


@dataclass(frozen=True, slots=True)
class CodePlace:
    """What one code is for; `letter_id` is the dispatch that carries it, and no other does."""

    workspace_id: int
    person_id: str
    address: str
    letter_id: str


class OwnCodes:
    """Makes and compares the codes of one installation."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.digest(key, _PURPOSE, "sha256")

    def code(self, place: CodePlace) -> str:
        """The digits that this letter carries."""
        parts = (str(place.workspace_id), place.person_id, place.address, place.letter_id)
        drawn = hmac.digest(self._key, "\x1f".join(parts).encode(), "sha256")
        return f"{int.from_bytes(drawn) % 10**DIGITS:0{DIGITS}d}"

    def fits(self, place: CodePlace, given: str) -> bool:
        """Whether somebody has read the letter. Takes as long for any guess."""
        digits = "".join(given.split())
        return hmac.compare_digest(self.code(place).encode(), digits.encode("utf-8", "replace"))
