"""One line for each phase of a run: accepted, routed, claimed, acted, rests, ended.

At a calm pace every phase of every run is told. Under load each phase has so many lines a second,
and the next line says how many were left out: what it costs is bounded, and nothing is hidden.
With the level DEBUG every line is written.
"""

import logging
import time
from collections import defaultdict

LINES_A_SECOND = 20
_log = logging.getLogger("cartwheel.phases")


class Pace:
    """Allows so many lines a second for each phase, and counts the others."""

    def __init__(self) -> None:
        self._second: dict[str, int] = {}
        self._told: defaultdict[str, int] = defaultdict(int)
        self._left_out: defaultdict[str, int] = defaultdict(int)

    def allows(self, phase: str, second: int) -> bool:
        """Whether one more line may be written in this second."""
        if self._second.get(phase) != second:
            self._second[phase], self._told[phase] = second, 0
        if self._told[phase] < LINES_A_SECOND:
            self._told[phase] += 1
            return True
        self._left_out[phase] += 1
        return False

    def left_out(self, phase: str) -> int:
        """How many lines were not written since this was asked last."""
        return self._left_out.pop(phase, 0)


_pace = Pace()


def tell(phase: str, **fields: object) -> None:
    """Write a line about a run or an event. Fields are ids, counts and milliseconds, never texts
    of a payload."""
    if not _log.isEnabledFor(logging.INFO):
        return
    if not _log.isEnabledFor(logging.DEBUG):
        if not _pace.allows(phase, int(time.monotonic())):
            return
        if left_out := _pace.left_out(phase):
            fields["left_out"] = left_out
    _log.info(phase, extra={"fields": fields})
