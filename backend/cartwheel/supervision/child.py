"""One program that the supervisor keeps running."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field

from cartwheel.supervision.tether import KERNEL_DOES_IT, die_with_parent, tethered

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0
_LONGEST_LINE = 64_000


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. One that `reports` gets `--report-fd N` and writes a line there once it works.

    `hands_down` are file descriptors that it inherits.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    stop_seconds: float
    reports: bool = False
    hands_down: tuple[int, ...] = ()


class LineReader:
    """Whole lines out of a pipe that never blocks."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self._rest = b""

    def read(self) -> tuple[list[str], bool]:
        """The lines that are there now, and whether the pipe has ended."""
        try:
            piece = os.read(self.descriptor, 65_536)
        except BlockingIOError:
            return [], False
        *whole, self._rest = (self._rest + piece).split(b"\n")
        if self._rest and (not piece or len(self._rest) > _LONGEST_LINE):
            whole, self._rest = [*whole, self._rest], b""
        return [line.decode("utf-8", "replace") for line in whole], not piece


class Child:
    """A program and its process, if it runs; knows when to be started again."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.report: str | None = None
        self.failures = 0
        self.start_at = 0.0
        self._started_at = 0.0

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def works(self) -> bool:
        """It runs, and has said so if it is one that does."""
        return self.process is not None and (self.report is not None or not self.program.reports)

    def start(self, now: float, lifeline: int) -> tuple[LineReader, LineReader | None]:
        """Start the process; returns its output and its report, to be read by the caller."""
        self.report, self._started_at = None, now
        output, write_output = os.pipe()
        report, write_report = os.pipe() if self.program.reports else (None, None)
        ends = tuple(end for end in (write_report, *self.program.hands_down) if end is not None)
        command = self.program.command
        if write_report is not None:
            command = (*command, "--report-fd", str(write_report))
        try:
            self.process = _spawn(command, self.program.environment, write_output, ends, lifeline)
        finally:
            for end in (write_output, write_report):
                if end is not None:
                    os.close(end)
        return LineReader(output), LineReader(report) if report is not None else None

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def plan_restart(self, now: float) -> str:
        """Note that the process ended by itself; returns a sentence about it.

        The pause doubles with every failure and is short again after a steady minute.
        """
        code = self.process.returncode if self.process else 0
        if now - self._started_at > STEADY_SECONDS:
            self.failures = 0
        pause = min(FIRST_PAUSE_SECONDS * 2**self.failures, LONGEST_PAUSE_SECONDS)
        self.failures += 1
        self.process, self.report, self.start_at = None, None, now + pause
        return f"{self.name} ended by itself ({_how(code)}); it starts again in {pause:g} s."


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _spawn(
    command: tuple[str, ...],
    environment: Mapping[str, str],
    output: int,
    ends: tuple[int, ...],
    lifeline: int,
) -> subprocess.Popen[bytes]:
    """A session of its own keeps Ctrl-C away: the supervisor decides who stops first."""
    if not KERNEL_DOES_IT:
        command, ends = tethered(command, lifeline), (*ends, lifeline)
    return subprocess.Popen(  # noqa: S603
        command,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        pass_fds=ends,
        start_new_session=True,
        preexec_fn=die_with_parent() if KERNEL_DOES_IT else None,
    )
