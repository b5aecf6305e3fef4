"""What letters say: the e-mails that ask, remind and escalate. Pure.

Where a letter's link belongs stands a mark that names the link and does not open it. The real link
takes its place when the letter leaves, or when the sandbox's outbox is looked at, so that no row
of ours ever holds a token.
"""

from dataclasses import dataclass

from cartwheel.clock import from_ms
from cartwheel.languages import said
from cartwheel.node_sdk import EmailRequest

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class LetterContent:
    """What a letter is about. `due_at` in ms; `mark` stands where the link will."""

    kind: str
    asks_for: str
    to: str
    title: str
    text: str
    due_at: int | None
    shop: str
    language: str
    mark: str


_BEGIN = {
    ("ask", "approval"): "Your decision is asked for.",
    ("ask", "task"): "There is a task for you.",
    ("remind", "approval"): "A reminder: your decision is still asked for.",
    ("remind", "task"): "A reminder: this task is waiting for you.",
    ("escalate", "approval"): "Nobody has decided this in time, so now you are asked.",
}
_SUBJECT = {
    "ask": "{0}",
    "remind": "Reminder: {0}",
    "escalate": "Nobody decided yet: {0}",
}
_OPEN = {
    "approval": "Look at it and decide (the link is yours alone and works once):",
    "task": "Open the task (the link is yours alone):",
}


def letter_mark(approval_id: str, number: int) -> str:
    """Names a person's link without opening it. A token never begins so."""
    return f"~{approval_id}.{number}"


def compose(content: LetterContent, base_url: str) -> EmailRequest:
    """The letter, with the mark in its link."""

    def say(sentence: str) -> str:
        return said(sentence, content.language)

    lines = [say(_BEGIN[content.kind, content.asks_for]), content.title]
    if content.text.strip():
        lines.append(content.text.strip())
    lines.append(f"{say(_OPEN[content.asks_for])}\n{base_url}/approve/{content.mark}")
    if content.due_at is not None:
        lines.append(say(f"Until {written(content.due_at)}."))
    lines.append(f"– {content.shop}")
    subject = say(_SUBJECT[content.kind]).format(" ".join(content.title.split()))
    return EmailRequest(content.to, subject, "\n\n".join(lines))


def written(moment_ms: int) -> str:
    """24 Dec 2026, 09:00 UTC: the same for every reader, wherever they are."""
    moment = from_ms(moment_ms)
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M} UTC"
