"""What stands in Slack: a question with a field for a comment and two buttons, and what became of
it. Pure.

As in letters, a mark stands in the buttons where the secret will be when the message leaves. The
secret of a button opens no link, and that of a link presses no button.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from cartwheel.accounts.random_secrets import digest
from cartwheel.approvals.letters import LetterContent, written
from cartwheel.errors import Invalid
from cartwheel.languages import said
from cartwheel.node_sdk import Json
from cartwheel.runs.asked import Approver
from cartwheel.web.strict_json import read_json

APP = "slack"
_LONGEST_TITLE = 150
_LONGEST_TEXT = 3000
_LONGEST_COMMENT = 2000
_COMMENT = "comment"
_COMMENT_LABEL = "Comment (if you refuse, please say why)"
_BUTTONS = (("approved", "Approve", "primary"), ("refused", "Refuse", "danger"))
_BEGIN = {
    "slack_ask": "Your decision is asked for.",
    "slack_remind": "A reminder: your decision is still asked for.",
    "slack_escalate": "Nobody has decided this in time, so now you are asked.",
}
_ANSWERS = {"approved": "Approved by {0}.", "refused": "Refused by {0}."}
_ENDS = {
    "timed_out": "Nobody decided in time.",
    "cancelled": "Nobody waits for this any more: its run has ended or gone on.",
}


@dataclass(frozen=True, slots=True)
class Press:
    """A button that somebody pressed; `by` is how Slack names who it was, `comment` what they had
    written above the button."""

    secret: str
    decision: str
    by: str
    comment: str = ""


def button_hash(token: str) -> str:
    """Under which a button's secret is found; never what a link's is found under."""
    return f"{APP}:{digest(token)}"


# --- what is posted ---


def question(content: LetterContent) -> dict[str, Json]:
    """`text` and `blocks` of the message that asks, with its buttons."""
    return {"text": plain(content), "blocks": [*_about(content), *_form(content)]}


def news(content: LetterContent, people: Sequence[Approver], status: str) -> dict[str, Json]:
    """The message as it stands now: who has answered what, and buttons only while it is open."""
    lines = [_answer(person, content.language) for person in people if person.decision]
    if status in _ENDS:
        lines.append(said(_ENDS[status], content.language))
    blocks = _about(content)
    if lines:
        blocks.append(_section("\n".join(lines)))
    if status == "open":
        blocks += _form(content)
    return {"text": plain(content, lines), "blocks": blocks}


def plain(content: LetterContent, lines: Sequence[str] = ()) -> str:
    """The message for notifications and for the outbox, escaped as Slack wants it."""
    begin = [] if lines else [said(_BEGIN.get(content.kind, ""), content.language)]
    parts = (*begin, content.title, content.text.strip(), *lines)
    return _escaped("\n".join(part for part in parts if part))[:_LONGEST_TEXT]


def button_words(language: str) -> str:
    """What the outbox shows instead of buttons."""
    return " ".join(f"[{said(word, language)}]" for _, word, _ in _BUTTONS)


def _about(content: LetterContent) -> list[Json]:
    blocks: list[Json] = [
        {"type": "header", "text": _text(" ".join(content.title.split()), _LONGEST_TITLE)}
    ]
    if content.text.strip():
        blocks.append(_section(content.text.strip()))
    lines = [content.shop]
    if content.due_at is not None:
        lines.append(said(f"Until {written(content.due_at)}.", content.language))
    blocks.append({"type": "context", "elements": [_text(" · ".join(lines), _LONGEST_TEXT)]})
    return blocks


def _section(text: str) -> Json:
    return {"type": "section", "text": _text(text, _LONGEST_TEXT)}


def _text(text: str, longest: int) -> Json:
    """Plain text: nothing in it is a link, a mention or bold."""
    shown = text if len(text) <= longest else text[: longest - 1] + "…"
    return {"type": "plain_text", "text": shown, "emoji": False}


def _form(content: LetterContent) -> list[Json]:
    """A field for a comment, which Slack sends along with the button."""
    field = {"type": "plain_text_input", "action_id": _COMMENT, "max_length": _LONGEST_COMMENT}
    label = _text(said(_COMMENT_LABEL, content.language), _LONGEST_TEXT)
    comment = {
        "type": "input",
        "block_id": _COMMENT,
        "optional": True,
        "label": label,
        "element": {**field, "multiline": True},
    }
    return [comment, _buttons(content)]


def _buttons(content: LetterContent) -> Json:
    elements = [
        {
            "type": "button",
            "action_id": decision,
            "text": _text(said(word, content.language), 75),
            "style": style,
            "value": content.mark,
        }
        for decision, word, style in _BUTTONS
    ]
    return {"type": "actions", "elements": elements}


def _answer(person: Approver, language: str) -> str:
    words = said(_ANSWERS[str(person.decision)], language)
    comment = f" “{person.comment}”" if person.comment else ""
    who = words.format(person.decided_by or person.address)
    return f"{who}{comment} {written(person.decided_at or 0)}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# --- what is pressed ---


def read_press(body: bytes) -> Press | None:
    """The press of a form that Slack posts; None for anything else that people do there.

    Raises `Invalid` for what is no form of Slack's.
    """
    given = parse_qs(body.decode("utf-8", "replace")).get("payload")
    payload = read_json(given[0].encode(), keys_once=False) if given else None
    if not isinstance(payload, dict):
        raise Invalid("This is no interaction of Slack's: it has no payload.", code="bad_payload")
    actions, user = payload.get("actions"), payload.get("user")
    if payload.get("type") != "block_actions" or not isinstance(user, dict):
        return None
    action = actions[0] if isinstance(actions, list) and actions else None
    if not isinstance(action, dict) or action.get("action_id") not in _ANSWERS:
        return None
    secret, user_id = action.get("value"), user.get("id")
    if not isinstance(secret, str) or not isinstance(user_id, str) or not user_id:
        return None
    name = user.get("username") or user.get("name") or ""
    by = f"{name} (Slack {user_id})" if isinstance(name, str) and name else f"Slack {user_id}"
    return Press(secret, str(action["action_id"]), by.replace("\0", "")[:200], _comment(payload))


def _comment(payload: dict[str, Json]) -> str:
    """What stands in the message's field for a comment; nothing where Slack sends none."""
    found: Json = payload.get("state")
    for name in ("values", _COMMENT, _COMMENT, "value"):
        found = found.get(name) if isinstance(found, dict) else None
    return found.replace("\0", "").strip()[:_LONGEST_COMMENT] if isinstance(found, str) else ""
