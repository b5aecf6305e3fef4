"""The supervisor with real processes: what cannot start does not spin."""

import subprocess
import sys

SCRIPT = """
import sys
from cartwheel.supervision.child import Program
from cartwheel.supervision.supervisor import Supervisor

broken = Program("worker", (sys.executable, "-c", "raise SystemExit('no database')"), {}, 1.0)
say = lambda speaker, line: print(f"{speaker}: {line}", flush=True)
code = Supervisor([broken], is_ready=lambda: False, announce=print, say=say).run()
sys.exit(code)
"""


def test_a_child_that_cannot_start_is_tried_with_pauses_and_then_given_up() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "worker: no database",
        "cartwheel: worker ended by itself (exit code 1); it starts again in 1 s.",
        "worker: no database",
        "cartwheel: worker ended by itself (exit code 1); it starts again in 2 s.",
        "worker: no database",
        "cartwheel: worker ended by itself (exit code 1); it starts again in 4 s.",
        "cartwheel: worker cannot be started; see its lines above.",
        "cartwheel: stopping; what is in hand comes to rest first.",
    ]
