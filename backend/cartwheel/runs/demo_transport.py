"""No way out: for runs that the demo shop set off, whatever accounts are connected meanwhile.

Their messages go to the sandbox, also where a step names a real account. Everything else is refused
before it leaves, in words that say why; so nobody pays for, reads or books a made-up order.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from cartwheel.connections.choosing import SANDBOX
from cartwheel.node_sdk import ConnectionInfo, Json, NodeError, Request, Response
from cartwheel.runs.doorway import Visitor
from cartwheel.runs.plan import PlannedStep
from cartwheel.runs.transport import WorkspaceTransport

DEMO = "demo"
"""The source of the demo shop's events."""


class DemoTransport(WorkspaceTransport):
    """Chooses the sandbox wherever it fits, and delivers nothing."""

    def choose(self, planned: PlannedStep, config: Mapping[str, Json]) -> ConnectionInfo | None:
        apps = planned.node_type.connection_apps if planned.node_type else ()
        sandbox = next((each for each in self._connections if each.app == SANDBOX), None)
        if sandbox is not None and SANDBOX in apps:
            return sandbox.info
        return super().choose(planned, config)

    @asynccontextmanager
    async def place(
        self,
        connection: ConnectionInfo | None,  # noqa: ARG002
        request: Request,  # noqa: ARG002
        who: Visitor,  # noqa: ARG002
    ) -> AsyncIterator[None]:
        """Nobody waits for a turn or for a mended account to be told no."""
        yield

    async def deliver(
        self,
        connection: ConnectionInfo | None,  # noqa: ARG002  (what it would have used)
        request: Request,  # noqa: ARG002
        key: str,  # noqa: ARG002
    ) -> Response:
        raise NodeError(
            "This came from the demo shop, so nothing was sent to the outside.",
            code="demo_shop",
            fix="With an order of your own shop this step does its work.",
        )
