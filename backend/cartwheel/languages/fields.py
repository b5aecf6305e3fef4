"""Fields of answers that hold sentences for people."""

from typing import Annotated

from pydantic import PlainSerializer

from cartwheel.languages import said, said_or_none

Said = Annotated[str, PlainSerializer(said, return_type=str)]
"""A field of an answer that holds a sentence for people."""

SaidOrNone = Annotated[str | None, PlainSerializer(said_or_none, return_type=str | None)]
"""The same where there may be none."""
