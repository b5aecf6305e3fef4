"""How many of a worker's hands the calls of one workspace, or to one address, may hold. Pure.

No number is given to anybody: one more is allowed as long as what somebody holds is less than three
times what is still free. Alone he gets three quarters of the hands, two get three sevenths each,
and whoever comes new finds some, or is next: a crowd of silent calls takes no room from the others.
Some hands are for no call at all.
"""

from collections import Counter
from collections.abc import Hashable, Sequence

HANDS = 256
"""How many runs a worker moves at a time."""

TIMES_WHAT_IS_FREE = 3
SHARE_FOR_NO_CALL = 1 / 8
"""Of the hands: for runs that compute, or ask whether they may call."""


class Hands:
    """Who holds how many. A call holds one hand under several names (its workspace, its address);
    `total` is how many there are."""

    def __init__(self, total: int = HANDS) -> None:
        self._free = total - int(total * SHARE_FOR_NO_CALL)
        self._held: Counter[Hashable] = Counter()

    def room(self, names: Sequence[Hashable]) -> int:
        """How many more may be taken under these names together."""
        most = max(self._held[name] for name in names)
        above = TIMES_WHAT_IS_FREE * (self._free + 1) - most
        return max(above // (TIMES_WHAT_IS_FREE + 1), 0)

    def take(self, names: Sequence[Hashable], number: int = 1) -> None:
        """So many more are held under these names; fewer, where it is negative."""
        self._free -= number
        for name in names:
            self._held[name] += number
            if self._held[name] <= 0:
                del self._held[name]

    def held(self, name: Hashable) -> int:
        """How many are held under a name."""
        return self._held[name]
