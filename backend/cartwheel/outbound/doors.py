"""Who may go out now: the lines of connections and addresses, and the hands that calls hold. Pure.

Each call goes by one line: its connection's, or where it has none, its workspace's line for that
address. Beside the line's own bounds there is the room that all calls of its workspace, and all to
its address, have in a worker (`hands`). Whoever leaves makes room, and those next are called.
"""

from functools import lru_cache
from urllib.parse import urlsplit

from cartwheel.outbound.hands import HANDS, Hands
from cartwheel.outbound.limits import Call, ConnectionLimit, ConnectionLimits
from cartwheel.outbound.pace import ADDRESS_PACE, Pace
from cartwheel.values import dataclass

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Way:
    """The way of a call: the line it stands in, and under what its hand is counted."""

    line: str
    workspace_id: int
    address: str
    pace: Pace

    @property
    def names(self) -> tuple[int, str]:
        """What its hand is counted under."""
        return (self.workspace_id, self.address)


@lru_cache(maxsize=512)
def way_of(workspace_id: int, address: str, connection_id: str | None) -> Way:
    """The way of a workspace's call to an address (as `address_of` tells it)."""
    if connection_id is not None:
        return Way(connection_id, workspace_id, address, Pace())
    return Way(f"{workspace_id} {address}", workspace_id, address, ADDRESS_PACE)


@lru_cache(maxsize=512)
def address_of(url: str) -> str:
    """Scheme, host and port of a URL; empty for what is none (it is refused further on)."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}:{port}" if parts.hostname else ""


class Doors:
    """The ways out of one worker."""

    def __init__(self, hands: int = HANDS) -> None:
        self.lines = ConnectionLimits()
        self._hands = Hands(hands)
        self._with_a_line: dict[str, Way] = {}

    def line(self, way: Way, now: float) -> ConnectionLimit:
        """The line of a way."""
        return self.lines.of(way.line, now, way.pace)

    @property
    def has_a_line(self) -> bool:
        """Whether anybody waits to be let out."""
        return bool(self._with_a_line)

    def ask(self, way: Way, who: str, now: float) -> float:
        """0: `who` may go and holds a hand until `leave`. Else: seconds until he may ask again."""
        line = self.line(way, now)
        held, room = line.held, self._hands.room(way.names)
        wait = line.admit(who, now, room)
        self._count(way, line, held)
        if wait:
            self._with_a_line[way.line] = way
        return wait

    def leave(self, way: Way, now: float) -> None:
        """Somebody who went has come back; whoever is next is called."""
        line = self.line(way, now)
        held = line.held
        line.leave()
        self._count(way, line, held)
        if self._with_a_line:
            self.call_next(now)

    def wait(self, way: Way, who: str, now: float, call: Call | None) -> None:
        """Somebody who was told to wait may be called in this way, or not any more."""
        self.line(way, now).wait(who, call)

    def sleep(self, way: Way, who: str, now: float) -> float:
        """Somebody who was told to wait goes away. Returns the seconds after which he comes by
        himself, if nobody calls him."""
        return self.line(way, now).sleep(who, now)

    def forget(self, way: Way, who: str, now: float) -> None:
        """Somebody who waits, or was called, will not come."""
        line = self.line(way, now)
        held = line.held
        line.forget(who)
        self._count(way, line, held)

    def call_next(self, now: float) -> None:
        """Call those for whom there is room; of the workspaces, whose calls hold the fewest hands
        comes first."""
        held_by = self._hands.held
        for way in sorted(self._with_a_line.values(), key=lambda way: held_by(way.workspace_id)):
            line = self.line(way, now)
            held = line.held
            line.call_next(now, self._hands.room(way.names))
            self._count(way, line, held)
            if not line.has_a_line:
                del self._with_a_line[way.line]

    def _count(self, way: Way, line: ConnectionLimit, held: int) -> None:
        if line.held != held:
            self._hands.take(way.names, line.held - held)
