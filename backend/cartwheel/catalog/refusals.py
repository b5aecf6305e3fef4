"""Answers that are not a success: "never" or "later", in words for a merchant.

The table stands in the app's file (what the vendor always says) and in the node's manifest
(what this call may meet); the node's rows are asked first. What neither names is judged by the
HTTP status.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cartwheel.catalog.pointers import MISSING, look_up
from cartwheel.node_sdk import (
    IN_DOUBT_STATUSES,
    NOT_AUTHORISED,
    InDoubt,
    Json,
    NodeError,
    Response,
    RetryLater,
    asked_pause,
)

MAX_WORDS = 300
TOO_MANY_REQUESTS = 429
_LATER_STATUSES = {408, 425, TOO_MANY_REQUESTS}


@dataclass(frozen=True, slots=True)
class RefusalRule:
    """One row: matches by status (`404`, or `4xx` for all of them), by the provider's own code,
    or by both.

    In `message`, `{words}` stands for what the provider said. With `later` nothing happened
    there and the step tries again; with `pause` too, and the provider asked for fewer requests.
    With `in_doubt` the provider itself does not know whether it was done.
    """

    code: str
    message: str
    fix: str | None = None
    status: str | None = None
    provider_code: str | None = None
    later: bool = False
    pause: bool = False
    in_doubt: bool = False

    @property
    def key(self) -> str:
        """What translations call this row."""
        return self.provider_code or self.status or self.code


@dataclass(frozen=True, slots=True)
class RefusalTable:
    """Where a provider puts its codes and words, and what they mean.

    `success`: a JSON pointer and the value that a real success has there. `any_status`: the
    handler judges every answer itself.
    """

    provider: str = "The other side"
    code_at: tuple[str, ...] = ()
    words_at: tuple[str, ...] = ()
    success: tuple[str, Json] | None = None
    any_status: bool = False
    rules: tuple[RefusalRule, ...] = ()

    def over(self, below: "RefusalTable") -> "RefusalTable":
        """This table asked first, `below` for everything it does not say."""
        return replace(
            below,
            code_at=self.code_at or below.code_at,
            words_at=self.words_at or below.words_at,
            success=self.success or below.success,
            any_status=self.any_status or below.any_status,
            rules=self.rules + below.rules,
        )

    def in_words(self, words: Mapping[str, Json]) -> "RefusalTable":
        """This table with the sentences of another language, by `RefusalRule.key`."""
        return replace(self, rules=tuple(_in_words(rule, words) for rule in self.rules))


def _in_words(rule: RefusalRule, words: Mapping[str, Json]) -> RefusalRule:
    given = words.get(rule.key, {})
    return replace(rule, message=given.get("message", rule.message), fix=given.get("fix", rule.fix))


def refusal(
    table: RefusalTable, response: Response, now: datetime
) -> NodeError | RetryLater | InDoubt | None:
    """What to raise for this answer, or None where it is a success.

    A gateway's 502 or 504 leaves it in doubt unless a row names it, and so does a success whose
    content cannot be read where only the content tells whether it is one.
    """
    if table.any_status or _succeeded(table, response):
        return None
    words = (_first(response.body, table.words_at) or "")[:MAX_WORDS]
    rule = _rule(table, response)
    if rule is None and _is_in_doubt(response):
        said = f": {words}" if words else f" (status {response.status})."
        return InDoubt(f"{table.provider} gave no answer that says whether it was done{said}")
    rule = rule or _by_status(table.provider, response.status, bool(words))
    message = rule.message.replace("{words}", words or "no reason given")
    if rule.in_doubt:
        return InDoubt(message)
    if rule.later or rule.pause:
        after = asked_pause(response.headers, now)
        pause = rule.pause or response.status == TOO_MANY_REQUESTS
        return RetryLater(message, after=after, pause=pause)
    return NodeError(message, code=rule.code, fix=rule.fix)


def _is_in_doubt(response: Response) -> bool:
    unreadable = 200 <= response.status < 300 and not isinstance(response.body, Mapping)
    return unreadable or response.status in IN_DOUBT_STATUSES


def _succeeded(table: RefusalTable, response: Response) -> bool:
    if not 200 <= response.status < 300:
        return False
    if table.success is None:
        return True
    place, value = table.success
    found = look_up(response.body, place)
    return bool((None if found is MISSING else found) == value)


def _rule(table: RefusalTable, response: Response) -> RefusalRule | None:
    given = _first(response.body, table.code_at)
    for rule in table.rules:
        same_code = rule.provider_code is None or rule.provider_code == given
        if same_code and rule.status in (None, *_names(response.status)):
            return rule
    return None


def _names(status: int) -> tuple[str, str]:
    return str(status), f"{status // 100}xx"


def _first(body: Json, places: tuple[str, ...]) -> str | None:
    """The first of several places in the answer where something is said."""
    for place in places:
        found = look_up(body, place)
        if isinstance(found, str | int) and found != "":
            return str(found)
    return None


def _by_status(provider: str, status: int, has_words: bool) -> RefusalRule:
    said = ": {words}" if has_words else f" (status {status})."
    if status in _LATER_STATUSES or status >= 500:
        return RefusalRule("busy", f"{provider} cannot take this right now{said}", later=True)
    if status == 401:
        return RefusalRule(
            NOT_AUTHORISED,
            f"{provider} did not accept the connection{said}",
            fix="Open the connection, enter its keys again and test it.",
        )
    if status == 403:
        return RefusalRule(
            "not_allowed",
            f"{provider} does not let this connection do that{said}",
            fix="Give the account behind the connection the right to do it.",
        )
    if status == 404:
        return RefusalRule("not_found", f"{provider} knows nothing under this name{said}")
    return RefusalRule("refused", f"{provider} refused{said}")
