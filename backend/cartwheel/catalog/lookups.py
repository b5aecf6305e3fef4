"""Asking the provider whether an act happened, for node types whose `delivery` is `lookup`.

The manifest's `lookup` says which question to ask and how its answer is read; there are three:
it happened, it surely did not, or the answer tells neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cartwheel.catalog.pointers import MISSING, look_up
from cartwheel.catalog.request_block import RequestBlock, build_request, fill
from cartwheel.node_sdk import ConnectionInfo, HttpRequest, Json, Response, RetryLater

NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Lookup:
    """The question, and how its answer is read.

    - `found_at`: a JSON pointer; something stands there when the act happened.
    - `absent`: how the provider says that it did not: `empty` (nothing stands there, in an answer
      that has the place around it) or `404`.
    - `answer`: what the act would have answered, with insertions; None: what stands at `found_at`.
    - `after_seconds`: how long after the act the provider may not know of it yet.
    """

    request: RequestBlock
    found_at: str
    absent: str = "empty"
    answer: Json = None
    after_seconds: float = 0.0


def ask(
    lookup: Lookup, config: Mapping[str, Json], connection: ConnectionInfo | None, key: str
) -> HttpRequest:
    """The question about the act with this key. Raises `NodeError` where a value is missing."""
    return build_request(lookup.request, config, connection, key)


def read_answer(lookup: Lookup, config: Mapping[str, Json], told: Response) -> Response | None:
    """What the act answered, or None where it surely did not happen.

    Raises `RetryLater` where the provider's answer tells neither.
    """
    is_success = 200 <= told.status < 300
    found = look_up(told.body, lookup.found_at) if is_success else MISSING
    if found is not MISSING and found not in (None, "", [], {}):
        return Response(200, {}, found if lookup.answer is None else _shaped(lookup, config, told))
    if told.status == NOT_FOUND and lookup.absent == "404":
        return None
    if is_success and lookup.absent == "empty" and _has_the_place(lookup, told):
        return None
    raise RetryLater(f"The other side did not tell whether it was done (status {told.status}).")


def _shaped(lookup: Lookup, config: Mapping[str, Json], told: Response) -> Json:
    sources = {
        "config": config, "status": told.status, "headers": told.headers, "body": told.body,
    }  # fmt: skip
    return fill(lookup.answer, sources, keep_missing=True)


def _has_the_place(lookup: Lookup, told: Response) -> bool:
    """An answer in which nothing is recognised says nothing about the act."""
    around = lookup.found_at.rpartition("/")[0]
    return isinstance(look_up(told.body, around), Mapping | list)
