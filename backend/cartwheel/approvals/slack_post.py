"""The book of messages in Slack: what leaves, where it stands since, and what the sandbox shows."""

from cartwheel.approvals import slack
from cartwheel.approvals.letters import LetterContent
from cartwheel.approvals.post import Addressed, DueLetter, begin_letter, close_effect, letter_sent
from cartwheel.node_sdk import HttpRequest, Json
from cartwheel.statements import Row, Sql, Transaction

MOST_ATTEMPTS_TO_SHOW = 8
"""How often what became of a question is tried to be shown; it stands on our own pages anyway."""


def compose(
    addressed: Addressed, content: LetterContent, base_url: str, message: str | None
) -> HttpRequest:
    """The call of Slack's that a letter is, with the mark in its buttons.

    `message` is where the question stands already, `channel ts`.
    """
    channel, _, ts = (message or "").partition(" ")
    if addressed.letter.kind == "slack_update":
        told = slack.news(content, addressed.people, addressed.asking.status)
        return HttpRequest(
            "POST", f"{base_url}/chat.update", body={"channel": channel, "ts": ts, **told}
        )
    body: dict[str, Json] = {"channel": addressed.asking.channel, "unfurl_links": False}
    if addressed.letter.kind == "slack_remind" and ts:
        thread = {"channel": channel, "thread_ts": ts, "reply_broadcast": True}
        body |= {"text": slack.plain(content), **thread}
    else:
        body |= slack.question(content)
    return HttpRequest("POST", f"{base_url}/chat.postMessage", body=body)


def stands_at(letter: DueLetter) -> Sql:
    """message, due_at of the letter that asked what this one reminds of or shows."""
    return Sql(
        "SELECT message, due_at FROM letter WHERE workspace_id = $1 AND approval_id = $2 "
        "AND number = $3 AND kind IN ('slack_ask', 'slack_escalate')",
        (letter.workspace_id, letter.approval_id, letter.number),
    )


def read_place(rows: list[Row]) -> tuple[str | None, bool]:
    """Where the question stands in Slack, and whether it is still on its way there."""
    return (rows[0][0], rows[0][1] is not None) if rows else (None, False)


def message_of(answer: Json) -> str | None:
    """`channel ts` of what Slack answered to a message; None where it did not say."""
    told = answer if isinstance(answer, dict) else {}
    channel, ts = told.get("channel"), told.get("ts")
    return f"{channel} {ts}" if isinstance(channel, str) and isinstance(ts, str) else None


def message_sent(letter: DueLetter, message: str | None, began: int, now: int) -> Transaction[None]:
    """It stands in Slack. Whoever answered since `began` wants to see it written anew."""
    yield close_effect(letter, "sent", now)
    yield Sql(
        "UPDATE letter SET sent_at = $3, lease_until = NULL, error = NULL, message = $4, "
        "due_at = CASE WHEN due_at >= $5 THEN due_at ELSE NULL END "
        "WHERE workspace_id = $1 AND id = $2",
        (letter.workspace_id, letter.id, now, message, began),
    )


def show_in_outbox(
    addressed: Addressed, content: LetterContent, request: HttpRequest, known_as: str, now: int
) -> Transaction[None]:
    """The sandbox takes it: a row of ours, with words where the buttons would be."""
    letter, asking = addressed.letter, addressed.asking
    yield from begin_letter(addressed, request, known_as, now)
    text = f"{request.body['text']}\n{slack.button_words(content.language)}"
    yield Sql(
        'INSERT INTO outbox_message (workspace_id, id, channel, "to", subject, text, run_id, '
        "node_id, iteration, workflow_id, created_at) "
        "VALUES ($1, $2, 'slack', $3, NULL, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        (letter.workspace_id, letter.id, asking.channel, text,
         asking.run_id, asking.node_id, asking.iteration, addressed.workflow_id, now),
    )  # fmt: skip
    yield from letter_sent(letter, now)
