"""What this process has done since it started, in numbers; read by `/metrics`.

A number has a name and one label; adding to it is all that hot code pays.
"""

from bisect import bisect_left
from collections import Counter, defaultdict

LATENCY_BOUNDS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)

counts: Counter[tuple[str, str]] = Counter()
"""(name, label) to how often."""

seen: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(LATENCY_BOUNDS_SECONDS) + 1))
"""A duration's name to how many lay below each bound and above the one before; the last: above."""

sums: Counter[str] = Counter()
"""A duration's name to the sum of what was seen, in milliseconds."""


def add(name: str, label: str = "", number: int = 1) -> None:
    """Count something."""
    counts[name, label] += number


def observe(name: str, milliseconds: int) -> None:
    """Note how long something took."""
    seen[name][bisect_left(LATENCY_BOUNDS_SECONDS, milliseconds / 1000)] += 1
    sums[name] += milliseconds
