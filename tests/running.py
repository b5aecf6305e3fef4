"""A whole Cartwheel as a merchant starts it: `cartwheel up`, its output, and its processes."""

import contextlib
import os
import queue
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

START_SECONDS = 120.0
_LINK = re.compile(r"https?://\S+/login/\S+")


_PORTS, _PORTS_EACH = 20_000, 3_000
_given: set[int] = set()


def free_port() -> int:
    """A port that nobody uses, and nobody comes by until it is used.

    Not one of those that the kernel gives to clients (from 32,768 on): between being found and
    being listened at, or while a server is started again, a client of any process could get it, and
    one that calls a server which is away could even reach itself. Each test process has its own.
    """
    first = _PORTS + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 4 * _PORTS_EACH
    while True:
        port = random.randrange(first, first + _PORTS_EACH)
        with socket.socket() as found, contextlib.suppress(OSError):
            found.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port


def without_settings(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment, without any setting of ours that a developer may have.

    Where Python may not keep compiled files beside the sources, dozens of starts share a folder.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CARTWHEEL_")}
    if kept.pop("PYTHONDONTWRITEBYTECODE", ""):
        folder = Path(tempfile.gettempdir()) / f"cartwheel-tests-bytecode-{os.getuid()}"
        kept.setdefault("PYTHONPYCACHEPREFIX", str(folder))
    return {**kept, **(extra or {})}


def cartwheel(
    *arguments: str, command: Sequence[str] | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run one command of the command line to its end."""
    return subprocess.run(
        [*(command or (sys.executable, "-P", "-m", "cartwheel")), *arguments],
        env=without_settings(environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@dataclass
class RunningCartwheel:
    """One `cartwheel up`. Use as a context manager; every process of it is gone at the end."""

    data: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    command: Sequence[str] = (sys.executable, "-P", "-m", "cartwheel")
    port: int = field(default_factory=free_port)
    lines: list[str] = field(default_factory=list)

    def __enter__(self) -> "RunningCartwheel":
        arguments = ["up", "--port", str(self.port), "--data", str(self.data)]
        self.process = subprocess.Popen(
            [*self.command, *arguments],
            env=without_settings(self.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._output: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._tree: dict[int, psutil.Process] = {}
        threading.Thread(target=self._read, daemon=True).start()
        self.wait_for_line("Cartwheel is ready")
        self.link = _LINK.findall(self.wait_for_line("/login/"))[0]
        return self

    def __exit__(self, *_: object) -> None:
        survivors = self.processes()
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
        for process in survivors:
            if process.is_running():
                process.kill()

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://localhost:{self.port}"

    def token(self) -> str:
        """A new API token, as the command line prints it."""
        made = cartwheel("token", "create", "--name", "tests", "--data", str(self.data))
        assert made.returncode == 0, made.stderr
        return made.stdout.strip()

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", timeout=60)

    def processes(self) -> list[psutil.Process]:
        """Everything that it ever started and that was seen, and itself."""
        try:
            top = psutil.Process(self.process.pid)
            for process in (top, *top.children(recursive=True)):
                self._tree[process.pid] = process
        except psutil.NoSuchProcess:
            pass
        return list(self._tree.values())

    def child(self, name: str) -> psutil.Process:
        """The process of one of its programs: redis, worker or api."""
        for process in psutil.Process(self.process.pid).children():
            words = {word.rpartition("/")[2] for word in " ".join(process.cmdline()).split()}
            if {"redis": "valkey-server", "worker": "worker", "api": "serve"}[name] in words:
                return process
        raise LookupError(name)

    def wait_for_line(self, words: str, seconds: float = START_SECONDS) -> str:
        """The next line of its output with `words`; fails with the whole output."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self._output.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                raise AssertionError(f"{words!r} was never said:\n{''.join(self.lines)}")
            if words in line:
                return line

    def wait_for_end(self, seconds: float = 90) -> int:
        """The exit code, once it has ended."""
        return self.process.wait(seconds)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            self._output.put(line)
        self._output.put(None)


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something that gives no sign of its own."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def all_gone(processes: Sequence[psutil.Process]) -> bool:
    """Whether none of them runs any more; a zombie that nobody has collected counts as gone."""
    return not any(
        process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        for process in processes
        if psutil.pid_exists(process.pid)
    )
