"""What two versions of a workflow make of the same event, compared. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import orjson

from cartwheel.runs.recorder import StepRecord
from cartwheel.runs.tokens import Place
from cartwheel.simulation.driver import Played
from cartwheel.simulation.rehearsal_schemas import (
    MOST_SHOWN,
    MessageDifference,
    RehearsedEnd,
    RehearsedStep,
    RequestDifference,
    StepDifference,
)
from cartwheel.simulation.schemas import SimulatedMessage, SimulatedRequest
from cartwheel.simulation.view import error_shape, message_shape, request_shape, time_shape

LONGEST_SHOWN = 2_000


@dataclass(frozen=True, slots=True)
class Came:
    """What came of an event in one version; `played` None where it starts no run."""

    counts_as: str | None
    played: Played | None

    @property
    def end(self) -> RehearsedEnd:
        if self.played is None:
            return RehearsedEnd(
                starts=False, counts_as=None, status=None, ended_at=None, stop_label=None,
                error=None, stopped=None,
            )  # fmt: skip
        run, finish = self.played.runs[0], self.played.runs[0].finish
        return RehearsedEnd(
            starts=True,
            counts_as=self.counts_as,
            status=run.status.value,
            ended_at=time_shape(self.played.ended_at),
            stop_label=finish.label if finish else None,
            error=error_shape(finish.error if finish else None),
            stopped=self.played.stopped,
        )


@dataclass(frozen=True, slots=True)
class Differences:
    """All that differs, the first of each kind only."""

    steps: list[StepDifference]
    messages: list[MessageDifference]
    requests: list[RequestDifference]
    omitted: int


def differences(live: Came, draft: Came) -> Differences | None:
    """What the draft makes of an event other than the live version; None where all is the same."""
    steps = list(_steps(live.played, draft.played))
    messages = list(_messages(live.played, draft.played))
    requests = list(_requests(live.played, draft.played))
    if not (steps or messages or requests) and live.end == draft.end:
        return None
    return Differences(
        steps[:MOST_SHOWN], messages[:MOST_SHOWN], requests[:MOST_SHOWN],
        sum(max(0, len(each) - MOST_SHOWN) for each in (steps, messages, requests)),
    )  # fmt: skip


# --- steps ---


def _steps(live: Played | None, draft: Played | None) -> Iterator[StepDifference]:
    before, after = _steps_of(live), _steps_of(draft)
    for place in dict.fromkeys((*before, *after)):
        old, new = before.get(place), after.get(place)
        if _way(old) != _way(new):
            yield StepDifference(
                node_id=place[0], iteration=place[1], live=_went(old), draft=_went(new)
            )


def _steps_of(played: Played | None) -> Mapping[Place, StepRecord]:
    return {(s.node_id, s.iteration): s for s in played.runs[0].steps} if played else {}


def _way(step: StepRecord | None) -> tuple[str, str | None, str | None] | None:
    """What makes a step's way: not its words and times, which follow from what came before."""
    if step is None:
        return None
    return step.status.value, step.port, step.error.code if step.error else None


def _went(step: StepRecord | None) -> RehearsedStep | None:
    if step is None:
        return None
    return RehearsedStep(
        status=step.status.value, port=step.port, words=step.words, error=error_shape(step.error)
    )


# --- what leaves ---


def _messages(live: Played | None, draft: Played | None) -> Iterator[MessageDifference]:
    before, after = live.messages if live else (), draft.messages if draft else ()
    for old, new in _pairs(before, after):
        was, will = old and message_shape(old), new and message_shape(new)
        if was != will:
            yield MessageDifference(live=_brief_message(was), draft=_brief_message(will))


def _requests(live: Played | None, draft: Played | None) -> Iterator[RequestDifference]:
    before, after = live.requests if live else (), draft.requests if draft else ()
    for old, new in _pairs(before, after):
        was, will = old and request_shape(old), new and request_shape(new)
        if was != will:
            yield RequestDifference(live=_brief_request(was), draft=_brief_request(will))


def _pairs(live: Sequence[Any], draft: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """What left from the same place in both, the first beside the first."""
    before, after = _by_place(live), _by_place(draft)
    for place in dict.fromkeys((*before, *after)):
        yield from zip_longest(before.get(place, ()), after.get(place, ()))


def _by_place(left: Sequence[Any]) -> Mapping[Place, list[Any]]:
    found: dict[Place, list[Any]] = defaultdict(list)
    for each in left:
        found[each.node_id, each.iteration].append(each)
    return found


def _brief_message(message: SimulatedMessage | None) -> SimulatedMessage | None:
    return message and message.model_copy(
        update={"text": _brief(message.text), "html": message.html and _brief(message.html)}
    )


def _brief_request(request: SimulatedRequest | None) -> SimulatedRequest | None:
    """A long body becomes a text that is cut."""
    if request is None:
        return None
    body = request.body
    written = body if isinstance(body, str) else orjson.dumps(body, default=str).decode()
    is_long = len(written) > LONGEST_SHOWN
    form = request.form and {name: _brief(value) for name, value in request.form.items()}
    return request.model_copy(
        update={
            "url": _brief(request.url),
            "headers": {name: _brief(value) for name, value in request.headers.items()},
            "body": _brief(written) if is_long else body,
            "form": form,
        }
    )


def _brief(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
