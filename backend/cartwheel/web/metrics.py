"""Numbers for Prometheus, in its text format 0.0.4; no more than an operator looks at."""

import os
import resource
import time
from collections import Counter
from collections.abc import Iterator, Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_STARTED_AT = time.time()


class RequestCounts:
    """How many requests this process answered, by method and class of status."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, method: str, status: int) -> None:
        """Count one answer. Methods nobody has heard of are one, so that the table stays small."""
        known = method if method in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"} else "OTHER"
        self._counts[known, f"{status // 100}xx"] += 1

    def lines(self) -> Iterator[str]:
        """The counter's lines."""
        yield "# HELP cartwheel_http_requests_total Requests answered by this process."
        yield "# TYPE cartwheel_http_requests_total counter"
        for (method, status), count in sorted(self._counts.items()):
            labels = f'method="{method}",status="{status}"'
            yield f"cartwheel_http_requests_total{{{labels}}} {count}"


class Counted:
    """Middleware: counts every answer."""

    def __init__(self, app: ASGIApp, counts: RequestCounts) -> None:
        self.app = app
        self._counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def count(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._counts.add(scope["method"], message["status"])
            await send(message)

        await self.app(scope, receive, count)


def metrics_text(counts: RequestCounts, gauges: Mapping[str, tuple[str, float]]) -> str:
    """All numbers of this process; `gauges` maps a name to its help and value."""
    lines = [*counts.lines()]
    for name, (words, value) in {**gauges, **_process()}.items():
        lines += [f"# HELP {name} {words}", f"# TYPE {name} gauge", f"{name} {value:g}"]
    return "\n".join(lines) + "\n"


def _process() -> dict[str, tuple[str, float]]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "process_start_time_seconds": ("When this process started.", round(_STARTED_AT)),
        "process_cpu_seconds": ("CPU time of this process.", used.ru_utime + used.ru_stime),
        "process_peak_memory_bytes": ("Most memory it ever held.", _peak_bytes(used.ru_maxrss)),
    }


def _peak_bytes(peak: int) -> int:
    """Linux counts in KiB, macOS in bytes."""
    return peak if os.uname().sysname == "Darwin" else peak * 1024
