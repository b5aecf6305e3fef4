"""People in a simulation: what the scenario says they decide, else what the sample says."""

from collections.abc import Iterable
from datetime import datetime

from cartwheel.catalog.samples import Sample
from cartwheel.clock import to_ms
from cartwheel.errors import Invalid
from cartwheel.node_sdk import Json
from cartwheel.runs.asked import (
    DECISIONS,
    ApprovalStatus,
    Approver,
    Asked,
    Rule,
    awaits_person,
    outcome,
    read_asked,
    woken_by,
)
from cartwheel.runs.tokens import Outcome, Token, WakeReason, Woken
from cartwheel.simulation.scenario import Answer

_BY_SAMPLE = "Nobody was asked: the test run goes on as if it were “{port}”."


def people_say(
    token: Token, answer: Answer | None, samples: Iterable[Sample], now: datetime
) -> Woken | None:
    """How a token goes on that waits for people; None when nobody answers.

    Raises `Invalid` for a decision that this step does not ask for.
    """
    if not awaits_person(token):
        return Woken(WakeReason.PERSON, answer.body) if answer else None
    if answer is None:
        return _by_sample(samples)
    if answer.decision == ApprovalStatus.TIMED_OUT:
        return None
    asked = read_asked((token.wait or {})["match"])
    decision = answer.decision or DECISIONS[asked.kind][0].value
    if decision not in DECISIONS[asked.kind]:
        known = ", ".join(f"“{each}”" for each in (*DECISIONS[asked.kind], "timed_out"))
        raise Invalid(
            f"The step “{token.node_id}” does not ask for “{decision}”. It takes {known}.",
            code="bad_answer",
        )
    return woken_by(decision, _decided(asked, decision, answer.comment, now))


def nobody_said(tokens: Iterable[Token], now: datetime) -> list[Outcome]:
    """For those whose people had until now."""
    return [
        Outcome(token.id, woken_by("timed_out", outcome("timed_out", ())))
        for token in tokens
        if awaits_person(token) and token.wake_at is not None and token.wake_at <= now
    ]


def _by_sample(samples: Iterable[Sample]) -> Woken | None:
    sample = next((each for each in samples if each.error is None), None)
    if sample is None:
        return None
    words = _BY_SAMPLE.format(port=sample.port)
    return Woken(WakeReason.PERSON, sample.output, sample.port, words)


def _decided(asked: Asked, decision: str, comment: str, now: datetime) -> dict[str, Json]:
    """As many answers as the decision takes; the comment is the last one's."""
    count = _answers_needed(asked, decision)
    people = [
        Approver(number, address, False, decision, comment, to_ms(now))
        for number, address in enumerate(asked.asked[:count])
    ]
    items = [(text, asked.asked[0]) for text in asked.checklist]
    return outcome(decision, people, items)


def _answers_needed(asked: Asked, decision: str) -> int:
    """The first refusal ends it; where some are enough, once these cannot be reached any more."""
    if decision == ApprovalStatus.APPROVED:
        return {Rule.ONE: 1, Rule.SOME: asked.needed}.get(asked.rule, len(asked.asked))
    is_refused = decision == ApprovalStatus.REFUSED
    return len(asked.asked) - asked.needed + 1 if is_refused and asked.rule is Rule.SOME else 1
