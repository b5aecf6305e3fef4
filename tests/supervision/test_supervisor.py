"""The supervisor with real processes: what cannot start does not spin."""

import subprocess
import sys
from pathlib import Path

import pytest

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


PATIENT = """
import signal, sys
from cartwheel.supervision.child import Program
from cartwheel.supervision.supervisor import Supervisor

signal.alarm(60)  # whatever happens, nothing stays
sleeping = Program("worker", (sys.executable, "-c", "import time; time.sleep(90)"), {}, 5.0)
say = lambda speaker, line: print(f"{speaker}: {line}", flush=True)
announce = lambda reports: print("ready", flush=True)
sys.exit(Supervisor([sleeping], is_ready=lambda: True, announce=announce, say=say).run())
"""
RUN = "import subprocess, sys; subprocess.run(sys.argv[1:])"


@pytest.mark.skipif(sys.platform != "linux", reason="SKIPPED LOUDLY: only Linux tells of its end")
def test_killing_uv_which_started_it_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "uv").symlink_to(sys.executable)
    command = [str(tmp_path / "uv"), "-c", RUN, sys.executable, "-c", PATIENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as uv:
        assert uv.stdout is not None
        assert uv.stdout.readline() == "ready\n"

        uv.kill()

        assert uv.stdout.read() == "cartwheel: stopping; what is in hand comes to rest first.\n"
