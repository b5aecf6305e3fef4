"""Ties a child's life to the supervisor's, so that even `kill -9` of it leaves nothing behind.

Linux does it in the kernel: a child asks for a signal at its parent's death, and a program it
becomes keeps that wish. Elsewhere this module runs as a small process between the two: it holds the
end of a pipe that closes when the supervisor is gone.
"""

import ctypes
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_FORWARDED = (signal.SIGTERM, signal.SIGINT)
KERNEL_DOES_IT = sys.platform == "linux"


def die_with_parent() -> Callable[[], None]:
    """What a forked child calls before it becomes its program (Linux).

    The signal is SIGKILL: nobody is left to wait for a graceful end, and every process is built
    to be killed at any moment.
    """
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # It died before the wish was heard.
            os._exit(1)

    return tie


def launcher() -> int | None:
    """A descriptor that can be read once `uv run`, which started us, has ended; None elsewhere.

    uv passes signals on, but not its own `kill -9`; whoever does that to it means us. Linux only.
    """
    parent = os.getppid()
    try:
        name = Path(f"/proc/{parent}/comm").read_text().strip()
        return os.pidfd_open(parent) if name == "uv" else None
    except (AttributeError, OSError):
        return None


def tethered(command: tuple[str, ...], lifeline: int) -> tuple[str, ...]:
    """The command that runs `command` until the pipe `lifeline` closes."""
    return (sys.executable, "-P", "-m", __name__, str(lifeline), *command)


def main(arguments: list[str]) -> int:
    """Run `arguments[1:]`, kill it when the pipe `arguments[0]` closes; returns its exit code."""
    lifeline = int(arguments[0])
    os.set_inheritable(lifeline, False)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    child = subprocess.Popen(arguments[1:], close_fds=False)  # noqa: S603
    for number in _FORWARDED:
        signal.signal(number, lambda number, _frame: child.send_signal(number))
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    with selectors.DefaultSelector() as selector:
        selector.register(lifeline, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while child.poll() is None:
            for key, _ in selector.select(timeout=5):
                if key.fd == lifeline:
                    child.kill()
                    return child.wait()
                os.read(woken, 64)
    return child.returncode


if __name__ == "__main__":
    sys.exit(abs(main(sys.argv[1:])))
