"""The worker's post to the workspace's own people: sends the dispatches that are due."""

import asyncio
import logging
from datetime import UTC, timedelta

from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.refusals import refusal
from cartwheel.catalog.registry import UnknownNodeType
from cartwheel.clock import SystemClock, from_ms, now_ms, to_ms
from cartwheel.connections.choosing import PublicConnection
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.node_sdk import (
    NOT_AUTHORISED,
    EmailRequest,
    InDoubt,
    Json,
    NodeError,
    OutboxMessage,
    Request,
    RetryLater,
)
from cartwheel.proofs import post
from cartwheel.proofs.codes import MARK, CodePlace, OwnCodes
from cartwheel.proofs.door import addressed
from cartwheel.proofs.post import CODE, NOTICE, DispatchStatus, DueDispatch
from cartwheel.runs.doorway import Visitor
from cartwheel.runs.messages import outbox_mail, outbox_message
from cartwheel.runs.patience import PutOff
from cartwheel.runs.transport import WayOut, WorkspaceTransport
from cartwheel.values import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a dispatch that cannot leave now is tried again, after `pause`, then two of them."""

    pause: timedelta
    most_attempts: int
    longest: timedelta


AWAITED = Patience(timedelta(seconds=5), 4, timedelta(minutes=5))
"""Somebody sits and waits for it; what comes much later only puzzles."""
TOLD = Patience(timedelta(minutes=2), 30, timedelta(hours=12))
"""What went wrong is worth knowing in the morning too."""

NOBODY_TO_SEND_TO = "The address is not verified any more, so nothing was sent."
NO_CONNECTION = "The connection this step used does not exist any more."
NOBODY_KNOWS = "The connection broke while this was being sent, so it may have arrived or not."
_OUR_BUG = "Something went wrong inside Cartwheel while this was being sent."
_CLOCK = SystemClock()
_log = logging.getLogger(__name__)


class OwnPost:
    """Sends codes, proofs and notices; one per worker process."""

    def __init__(self, database: Database, way_out: WayOut, codes: OwnCodes) -> None:
        self._database, self._way_out, self._codes = database, way_out, codes

    async def deliver_due(self) -> int:
        """Send what is due; returns how many dispatches were looked at."""
        if not await self._database.fetch(post.are_dispatches_due(now_ms())):
            return 0
        taken = await self._database.run(post.take_dispatches(now_ms()))
        await asyncio.gather(*(self._deliver(each) for each in taken))
        return len(taken)

    async def _deliver(self, dispatch: DueDispatch) -> None:
        if dispatch.is_in_doubt:
            await self._end(dispatch, DispatchStatus.UNKNOWN, NOBODY_KNOWS)
            return
        try:
            sent = await self._sent(dispatch)
        except PutOff as later:
            await self._put_off(dispatch, later.message, to_ms(later.until))
        except RetryLater as later:
            pause = later.after or _patience(dispatch).pause * dispatch.attempts
            await self._put_off(dispatch, later.message, to_ms(_CLOCK.now() + pause))
        except InDoubt as doubt:
            await self._end(dispatch, DispatchStatus.UNKNOWN, doubt.message)
        except NodeError as error:
            words = "\n".join(part for part in (error.message, error.fix) if part)
            await self._end(dispatch, DispatchStatus.REFUSED, words)
        except Busy:
            raise  # The book is away: the dispatch stays taken until its lease is over.
        except Exception:  # noqa: BLE001  (a handler's bug must not stop the post)
            _log.exception("dispatch %s failed by a bug", dispatch.id)
            await self._end(dispatch, DispatchStatus.UNKNOWN, _OUR_BUG)
        else:
            await self._end(dispatch, DispatchStatus.SENT, None, sent)

    async def _sent(self, dispatch: DueDispatch) -> OutboxMessage | None:
        """Send it to the one address that it may go to; what the outbox shows of it."""
        node_type, connection = self._node_type(dispatch), await self._connection(dispatch)
        rows = await self._database.fetch(post.receiver_of(dispatch, now_ms()))
        if not rows:
            raise NodeError(NOBODY_TO_SEND_TO, code="address_not_verified")
        to = str(rows[0][0])
        settings = self._with_code(dispatch, to)
        request = await addressed(node_type, settings, connection.info, to, dispatch.id)
        await self._hand_over(dispatch, node_type, connection, request, to)
        if not dispatch.is_shown:
            return None
        if isinstance(request, EmailRequest):
            return outbox_mail(request)
        return outbox_message(node_type, {**settings, _to_field(node_type): to})

    async def _hand_over(
        self,
        dispatch: DueDispatch,
        node_type: NodeType,
        connection: PublicConnection,
        request: Request,
        to: str,
    ) -> None:
        """Raises what a step that sends would raise."""
        transport = WorkspaceTransport(self._way_out, dispatch.workspace_id, (connection,))
        async with transport.place(connection.info, request, Visitor(dispatch.id)):
            if not await self._database.run(post.begin_dispatch(dispatch, to, now_ms())):
                raise NodeError(NOBODY_TO_SEND_TO, code="address_not_verified")
            answer = await transport.deliver(connection.info, request, dispatch.id)
        refused = refusal(node_type.refusals, answer, _CLOCK.now())
        if isinstance(refused, NodeError) and refused.code == NOT_AUTHORISED:
            try:
                await transport.heed(connection.info, refused)
            except PutOff:
                raise refused from None  # Runs wait until it is mended; a person wants to know.
        if refused is not None:
            raise refused

    def _with_code(self, dispatch: DueDispatch, to: str) -> dict[str, Json]:
        """The settings, with the code where a letter has its mark."""
        settings = dispatch.settings
        if dispatch.kind != CODE:
            return settings
        place = CodePlace(dispatch.workspace_id, dispatch.person_id, to, dispatch.id)
        code = self._codes.code(place)
        return {name: str(text).replace(MARK, code) for name, text in settings.items()}

    def _node_type(self, dispatch: DueDispatch) -> NodeType:
        name, _, version = dispatch.node_type.partition("@")
        try:
            return self._way_out.registry.get(name, int(version))
        except UnknownNodeType as error:
            raise NodeError(error.detail, code=error.code) from None

    async def _connection(self, dispatch: DueDispatch) -> PublicConnection:
        known = await self._way_out.connections.public(dispatch.workspace_id)
        found = next((each for each in known if each.id == dispatch.connection_id), None)
        if found is None:
            raise NodeError(NO_CONNECTION, code="missing_connection")
        return found

    async def _end(
        self,
        dispatch: DueDispatch,
        status: DispatchStatus,
        words: str | None,
        message: OutboxMessage | None = None,
    ) -> None:
        await self._database.run(post.end_dispatch(dispatch, status, words, message, now_ms()))

    async def _put_off(self, dispatch: DueDispatch, words: str, until: int) -> None:
        patience = _patience(dispatch)
        latest = from_ms(dispatch.created_at).astimezone(UTC) + patience.longest
        if dispatch.attempts >= patience.most_attempts or until > to_ms(latest):
            await self._end(dispatch, DispatchStatus.REFUSED, words)
        else:
            await self._database.run(post.put_off_dispatch(dispatch, words, until))


def _patience(dispatch: DueDispatch) -> Patience:
    return TOLD if dispatch.kind == NOTICE else AWAITED


def _to_field(node_type: NodeType) -> str:
    return node_type.message.to if node_type.message else ""
