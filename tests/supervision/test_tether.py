"""Where the kernel does not tie children to us, a small process does."""

import os
import subprocess
import sys

import psutil

from cartwheel.supervision.tether import tethered
from tests.running import all_gone, wait_until

SLEEPER = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)")


def start() -> tuple[subprocess.Popen[bytes], int]:
    """A tethered sleeper, and the end of the pipe that keeps it alive."""
    lifeline, end = os.pipe()
    process = subprocess.Popen(
        tethered(SLEEPER, lifeline), pass_fds=(lifeline,), stdout=subprocess.PIPE
    )
    os.close(lifeline)
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    return process, end


def family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    top = psutil.Process(process.pid)
    return [top, *top.children()]


def test_a_closed_pipe_ends_the_child() -> None:
    process, end = start()
    both = family(process)

    os.close(end)

    assert process.wait(60) != 0
    assert len(both) == 2
    wait_until(lambda: all_gone(both))


def test_a_signal_is_passed_on() -> None:
    process, end = start()
    both = family(process)

    process.terminate()

    assert process.wait(60) != 0
    assert all_gone(both)
    os.close(end)
