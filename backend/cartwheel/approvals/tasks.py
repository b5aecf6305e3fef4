"""The worker's postman: looks which letters are due, and sends them."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from cartwheel.accounts.link_secrets import LinkSecrets
from cartwheel.approvals import post, slack, slack_post
from cartwheel.approvals.letters import LetterContent, compose, letter_mark
from cartwheel.approvals.post import Addressed, DueLetter
from cartwheel.catalog.refusals import refusal
from cartwheel.clock import SystemClock, now_ms, to_ms
from cartwheel.connections.choosing import SANDBOX, PublicConnection
from cartwheel.database import Database
from cartwheel.node_sdk import InDoubt, Json, NodeError, Request, Response, RetryLater
from cartwheel.runs.doorway import Visitor
from cartwheel.runs.patience import PutOff
from cartwheel.runs.transport import WayOut, WorkspaceTransport
from cartwheel.statements import Transaction

FIRST_PAUSE_MS = 30_000
LONGEST_PAUSE_MS = 60 * 60_000
Then = Callable[[Response], Transaction[None]]
"""What is written down of a letter that arrived, by what was answered to it."""

_NO_CONNECTION = "The account that was to send this letter does not exist any more."
_UNDER_WAY = "The question is still on its way to Slack."
_CLOCK = SystemClock()


class Postman:
    """Sends the letters of approvals and tasks; one per worker process."""

    def __init__(
        self, database: Database, way_out: WayOut, links: LinkSecrets, base_url: str
    ) -> None:
        self._database, self._way_out = database, way_out
        self._links, self._base_url = links, base_url

    async def deliver_due(self) -> int:
        """Send what is due; returns how many letters were looked at."""
        if not await self._database.fetch(post.are_letters_due(now_ms())):
            return 0
        letters = await self._database.run(post.take_letters(now_ms()))
        await asyncio.gather(*(self._deliver(letter) for letter in letters))
        return len(letters)

    async def _deliver(self, letter: DueLetter) -> None:
        addressed = await self._database.run(post.address_letter(letter, now_ms()))
        if addressed is None:
            return
        connection = await self._connection(addressed)
        if connection is not None and letter.kind.startswith("slack_"):
            await self._deliver_in_slack(addressed, connection)
            return
        if connection is None or addressed.to is None:
            # An owner without an address is asked on the page alone, and nothing is wrong.
            words = None if connection is not None else _NO_CONNECTION
            await self._database.run(post.drop_letter(letter, words))
            return
        request = compose(_content(addressed, addressed.to), self._base_url)
        place = (letter.workspace_id, letter.approval_id, letter.number)
        known_as = self._links.token_hash(*place)
        if connection.app == SANDBOX:
            await self._database.run(post.post_to_outbox(addressed, request, known_as, now_ms()))
            return
        await self._database.run(post.begin_letter(addressed, request, known_as, now_ms()))
        mark, token = letter_mark(letter.approval_id, letter.number), self._links.token(*place)
        sealed = replace(request, text=request.text.replace(mark, token))
        await self._send(letter, connection, sealed, lambda _: post.letter_sent(letter, now_ms()))

    async def _deliver_in_slack(self, addressed: Addressed, connection: PublicConnection) -> None:
        letter, began = addressed.letter, now_ms()
        rows = await self._database.fetch(slack_post.stands_at(letter))
        message, is_under_way = slack_post.read_place(rows)
        content = _content(addressed, "")
        base_url = self._way_out.registry.apps[slack.APP].base_url
        request = slack_post.compose(addressed, content, base_url, message)
        if letter.kind == "slack_update" and message is None and is_under_way:
            await self._put_off(letter, _UNDER_WAY, now_ms() + FIRST_PAUSE_MS)
            return
        if letter.kind == "slack_update" and (message is None or _is_given_up(letter)):
            await self._database.run(post.drop_letter(letter, None))
            return
        if connection.app == SANDBOX:
            known_as = self._links.token_hash(*_place(letter))
            await self._database.run(
                slack_post.show_in_outbox(addressed, content, request, known_as, now_ms())
            )
            return
        token = self._links.button_token(*_place(letter))
        known_as = slack.button_hash(token)
        await self._database.run(post.begin_letter(addressed, request, known_as, now_ms()))
        sealed = replace(request, body=_sealed(request.body, content.mark, token))
        await self._send(
            letter,
            connection,
            sealed,
            lambda answer: slack_post.message_sent(
                letter, slack_post.message_of(answer.body), began, now_ms()
            ),
        )

    async def _connection(self, addressed: Addressed) -> PublicConnection | None:
        known = await self._way_out.connections.public(addressed.letter.workspace_id)
        wanted = addressed.asking.connection_id
        return next((each for each in known if each.id == wanted), None)

    async def _send(
        self, letter: DueLetter, connection: PublicConnection, request: Request, then: Then
    ) -> None:
        transport = WorkspaceTransport(self._way_out, letter.workspace_id, (connection,))
        try:
            answer = await self._handed_over(transport, letter, connection, request)
        except PutOff as later:
            await self._put_off(letter, later.message, to_ms(later.until))
        except (RetryLater, InDoubt) as later:
            await self._put_off(letter, later.message, now_ms() + _pause_ms(letter.attempts))
        except NodeError as error:
            words = " ".join(part for part in (error.message, error.fix) if part)
            await self._database.run(post.letter_refused(letter, words, now_ms()))
        else:
            await self._database.run(then(answer))

    async def _handed_over(
        self,
        transport: WorkspaceTransport,
        letter: DueLetter,
        connection: PublicConnection,
        request: Request,
    ) -> Response:
        """Raises what a step that sends would raise."""
        async with transport.place(connection.info, request, Visitor(letter.id)):
            answer = await transport.deliver(connection.info, request, letter.id)
        refused = refusal(
            self._way_out.registry.apps[connection.app].refusals, answer, _CLOCK.now()
        )
        if isinstance(refused, NodeError) and refused.code == "not_authorised":
            await transport.heed(connection.info, refused)
        if refused is not None:
            raise refused
        return answer

    async def _put_off(self, letter: DueLetter, words: str, until: int) -> None:
        await self._database.run(post.put_off_letter(letter, words, until, now_ms()))


def _content(addressed: Addressed, to: str) -> LetterContent:
    letter, asking = addressed.letter, addressed.asking
    return LetterContent(
        kind=letter.kind,
        asks_for=asking.kind,
        to=to,
        title=asking.title,
        text=asking.text,
        due_at=asking.shown_due_at,
        shop=addressed.shop,
        language=addressed.language.split("-")[0],
        mark=letter_mark(letter.approval_id, letter.number),
    )


def _place(letter: DueLetter) -> tuple[int, str, int]:
    return letter.workspace_id, letter.approval_id, letter.number


def _is_given_up(letter: DueLetter) -> bool:
    return letter.attempts > slack_post.MOST_ATTEMPTS_TO_SHOW


def _sealed(value: Json, mark: str, token: str) -> Json:
    """The body with the button's secret where its mark is, and nowhere else."""
    if isinstance(value, dict):
        return {
            name: token if (name, each) == ("value", mark) else _sealed(each, mark, token)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_sealed(each, mark, token) for each in value]
    return value


def _pause_ms(attempts: int) -> int:
    return min(FIRST_PAUSE_MS << min(attempts - 1, 10), LONGEST_PAUSE_MS)
