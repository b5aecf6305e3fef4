"""Keeps children running until it is told to stop, then ends them in order.

One thread and one `select`: output, reports, signals and deaths all arrive as readable files.
"""

import os
import selectors
import signal
import time
from collections.abc import Callable, Sequence
from functools import partial
from types import FrameType

from cartwheel.supervision.child import Child, LineReader, Program
from cartwheel.supervision.tether import launcher

FAILURES_BEFORE_GIVING_UP = 3
_LOOK_EVERY_SECONDS = 30.0
_ASK_EVERY_SECONDS = 0.05
_STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Supervisor:
    """Starts `programs` in their order and stops them in the opposite one.

    `is_ready` is asked, once every program has reported, until it says yes; then `announce` gets
    the reports by name of program. `say` takes lines for the terminal: who speaks, and the line.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        is_ready: Callable[[], bool],
        announce: Callable[[dict[str, str]], None],
        say: Callable[[str, str], None],
    ) -> None:
        self._children = [Child(program) for program in programs]
        self._is_ready, self._announce, self._say = is_ready, announce, say
        self._selector = selectors.DefaultSelector()
        self._lifeline, self._lifeline_end = os.pipe()
        self._stops_asked = 0
        self._was_ready = False
        self._gave_up = False

    def run(self) -> int:
        """Until a signal to stop, or until a child cannot be started; returns the exit code."""
        self._hear_signals()
        try:
            while not self._stops_asked and not self._gave_up:
                for child in self._children:
                    self._look_after(child)
                self._look_whether_ready()
                self._read(self._patience())
        finally:
            self._say("cartwheel", "stopping; what is in hand comes to rest first.")
            for child in reversed(self._children):
                self._stop(child)
        return 1 if self._gave_up else 0

    # --- signals ---

    def _hear_signals(self) -> None:
        woken, wake = os.pipe()
        os.set_blocking(woken, False)
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        self._selector.register(woken, selectors.EVENT_READ, partial(os.read, woken, 512))
        for number in _STOPPING:
            signal.signal(number, self._ask_to_stop)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        started_by = launcher()
        if started_by is not None:
            gone = partial(self._follow_launcher, started_by)
            self._selector.register(started_by, selectors.EVENT_READ, gone)

    def _follow_launcher(self, started_by: int) -> None:
        self._selector.unregister(started_by)
        self._stops_asked += 1

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stops_asked += 1

    # --- children ---

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.has_ended():
            self._read(0)  # Its last words come before ours about it.
            self._say("cartwheel", child.plan_restart(now))
            if not self._was_ready and child.failures >= FAILURES_BEFORE_GIVING_UP:
                self._say("cartwheel", f"{child.name} cannot be started; see its lines above.")
                self._gave_up = True
        elif child.process is None and child.start_at <= now:
            self._start(child, now)

    def _start(self, child: Child, now: float) -> None:
        output, report = child.start(now, self._lifeline)
        self._listen(output, partial(self._say, child.name))
        if report is not None:
            self._listen(report, partial(self._take_report, child))

    def _take_report(self, child: Child, line: str) -> None:
        child.report = line
        if self._was_ready:
            self._say("cartwheel", f"{child.name} works again.")

    def _look_whether_ready(self) -> None:
        if self._was_ready or not all(child.works for child in self._children):
            return
        if self._is_ready():
            self._was_ready = True
            self._announce({child.name: child.report or "" for child in self._children})

    # --- reading ---

    def _listen(self, reader: LineReader, take: Callable[[str], None]) -> None:
        self._selector.register(
            reader.descriptor, selectors.EVENT_READ, partial(self._take_lines, reader, take)
        )

    def _take_lines(self, reader: LineReader, take: Callable[[str], None]) -> None:
        lines, ended = reader.read()
        for line in lines:
            take(line)
        if ended:
            self._selector.unregister(reader.descriptor)
            os.close(reader.descriptor)

    def _read(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            key.data()

    def _patience(self) -> float:
        """How long nothing needs to be done unless something arrives."""
        now = time.monotonic()
        starts = [child.start_at - now for child in self._children if child.process is None]
        all_work = not self._was_ready and all(child.works for child in self._children)
        asking = [_ASK_EVERY_SECONDS] if all_work else []
        return max(0.0, min([*starts, *asking, _LOOK_EVERY_SECONDS]))

    # --- the end ---

    def _stop(self, child: Child) -> None:
        """Ask the process to end, wait, and insist; a second signal to us insists at once."""
        if child.process is None:
            return
        child.process.terminate()
        asked, deadline = self._stops_asked, time.monotonic() + child.program.stop_seconds
        while not child.has_ended():
            if time.monotonic() > deadline or self._stops_asked > max(asked, 1):
                child.process.kill()
                child.process.wait()
            self._read(0.2)
        self._read(0)
