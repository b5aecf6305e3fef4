"""The suite itself is tried: three defects, planted by the tests into their own processes, turn the
books red. Nothing of them is in the product, so nothing can reach them there."""

import pytest

from tests.recovery.conftest import Activate
from tests.recovery.installation import Installation
from tests.recovery.ledger import Ledger, RedBooks
from tests.recovery.scene import calls, happen

pytestmark = pytest.mark.one_database

_DONE_BEFORE_SENDING = """
from dataclasses import replace
from cartwheel.cli import main
from cartwheel.runs import carrier
honest = carrier._intent
carrier._intent = lambda *given: replace(honest(*given), status="sent")
main(["worker", "--name", "w"])
"""

_A_NEW_KEY_EACH_TIME = """
import uuid
from dataclasses import replace
from cartwheel.cli import main
from cartwheel.runs import carrier
honest = carrier.read_request
def forgetful(text):
    request = honest(text)
    return replace(request, headers={**request.headers, "Idempotency-Key": str(uuid.uuid4())})
carrier.read_request = forgetful
main(["worker", "--name", "w"])
"""

_ACCEPTED_BEFORE_THE_COMMIT = """
import asyncio, sys
from cartwheel.cli import main
from cartwheel.events.service import Inbox
from cartwheel.events.store import Accepted
honest = Inbox.take
async def hasty(self, arrival):
    asyncio.get_running_loop().call_later(60, lambda: asyncio.ensure_future(honest(self, arrival)))
    return Accepted(arrival.event.id, duplicate=False)
Inbox.take = hasty
main(["serve", "--port", sys.argv[1]])
"""


@pytest.mark.parametrize(
    ("defect", "point"),
    [
        pytest.param(_DONE_BEFORE_SENDING, "effect.before_sending@3", id="done_before_sending"),
        pytest.param(_A_NEW_KEY_EACH_TIME, "effect.after_answer@3", id="a_new_key_each_time"),
    ],
)
async def test_a_worker_with_this_defect_turns_the_books_red(
    defect: str, point: str, installation: Installation, activate: Activate, ledger: Ledger
) -> None:
    await activate(1, on_unknown="send_again")
    await happen(installation, (f"o{number}" for number in range(6)))
    await installation.start_worker("w", script=defect, failpoints=point).died()
    installation.fault(point)
    installation.start_worker("w", script=defect)
    ended = await installation.settled(6)
    assert ended["succeeded"] == 6, "everything looks well from inside"
    with pytest.raises(RedBooks) as told:
        await ledger.check(6, least={"accept": 1}, keys=6)
    assert told.value.wrong == ["acts"]


async def test_an_api_that_answers_before_the_commit_turns_the_books_red(
    installation: Installation, activate: Activate, ledger: Ledger
) -> None:
    await activate(1)
    hasty = await installation.start_api(script=_ACCEPTED_BEFORE_THE_COMMIT)
    async with installation.client() as client:
        await installation.post(client, "o1")
        hasty.kill()
        await installation.start_api()
        await installation.post(client, "o2")
    installation.start_worker("w")
    await calls(installation, 1)
    await installation.settled(1)
    with pytest.raises(RedBooks) as told:
        await ledger.check(2, least={"accept": 1})
    assert told.value.wrong == ["lost"]
