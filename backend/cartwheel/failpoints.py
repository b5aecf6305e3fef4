"""Places at which a test kills the process: before and after every commit, before and after every
act outside.

Off unless `CARTWHEEL_FAILPOINTS` names some ("commit_group.before_commit", "effect.after_answer@3"
for the third time); then they cost a look into a dictionary. A commit's name is the name of the
transaction's function, so a new one is listed as soon as it is written.
"""

import os
import signal
from collections.abc import Mapping


def _read(environ: Mapping[str, str]) -> dict[str, int]:
    wanted = environ.get("CARTWHEEL_FAILPOINTS", "").replace(",", " ").split()
    named = [(name, times) for name, _, times in (each.partition("@") for each in wanted)]
    return {name: int(times or "1") for name, times in named}


armed = _read(os.environ)
"""How often each named place is still passed before it kills, that time included."""


def hit(place: str, moment: str) -> None:
    """Die here, as by kill -9, when a test asked for it."""
    name = f"{place}.{moment}"
    if name not in armed:
        return
    armed[name] -= 1
    if armed[name] <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
