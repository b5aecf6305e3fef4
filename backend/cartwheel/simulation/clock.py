"""A clock that jumps, so that three days pass in no time."""

from datetime import datetime


class VirtualClock:
    """Tells the simulation's time, as aware UTC."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def jump(self, moment: datetime) -> None:
        """Go forward to a moment; never back."""
        self._now = max(self._now, moment)
