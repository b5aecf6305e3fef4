"""Numbers for Prometheus, in its text format 0.0.4; no more than an operator looks at."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cartwheel.pulse import Numbers
from cartwheel.tally import LATENCY_BOUNDS_SECONDS

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class _Family:
    """One number's public name, the names of its labels, and what it says."""

    name: str
    labels: tuple[str, ...]
    words: str


_COUNTED = {
    "http_requests": _Family(
        "cartwheel_http_requests_total", ("method", "status"), "Requests answered."
    ),
    "events": _Family(
        "cartwheel_events_total", ("outcome",), "Events that arrived: accepted, or known already."
    ),
    "events_routed": _Family("cartwheel_events_routed_total", (), "Events looked at by a worker."),
    "runs_claimed": _Family(
        "cartwheel_runs_claimed_total", ("why",), "Runs taken: new ones, or due ones."
    ),
    "runs_ended": _Family("cartwheel_runs_ended_total", ("status",), "Runs that ended."),
    "steps": _Family("cartwheel_steps_total", (), "Steps written down."),
    "effects": _Family(
        "cartwheel_effects_total", ("status",), "Acts outside: intents, and how they ended."
    ),
    "commits": _Family("cartwheel_commits_total", ("what",), "Group commits."),
    "bells": _Family("cartwheel_bells_total", (), "Rings for the workers."),
    "jobs": _Family("cartwheel_arq_jobs_total", (), "Jobs that arq brought."),
    "fenced": _Family(
        "cartwheel_fenced_writes_total", (), "Writes refused because the lease was lost."
    ),
    "swept": _Family("cartwheel_swept_total", ("kind",), "What retention took away."),
}
_DURATIONS = {
    "pickup": _Family(
        "cartwheel_pickup_seconds", (), "From an event's arrival to a worker having its run."
    ),
    "run": _Family("cartwheel_run_seconds", (), "From a run's making to its end."),
}
_GAUGES = {
    "process_cpu_seconds_total": "CPU time.",
    "process_resident_memory_bytes": "Memory in use.",
    "process_start_time_seconds": "When the process started.",
    "cartwheel_loop_lag_seconds": "How late the event loop woke up at worst, lately.",
    "cartwheel_runs_in_hand": "Runs that a worker moves just now.",
}


class RequestCounts:
    """How many requests this process answered, by method and class of status."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, method: str, status: int) -> None:
        """Count one answer. Methods nobody has heard of are one, so that the table stays small."""
        known = method if method in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"} else "OTHER"
        self._counts[f"{known} {status // 100}xx"] += 1

    def counts(self) -> tuple[tuple[str, str, int], ...]:
        """As `Numbers.counts`."""
        return tuple(("http_requests", label, count) for label, count in self._counts.items())


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


def metrics_text(
    processes: Iterable[Numbers], shared: Mapping[str, tuple[str, float | None]]
) -> str:
    """Every process's numbers, and those of the book that they share: a name to its help and
    value, None where it could not be asked."""
    everybody = list(processes)
    lines = [*_counted(everybody), *_durations(everybody), *_gauges(everybody)]
    for name, (words, value) in shared.items():
        if value is not None:
            lines += [*_head(name, words, "gauge"), f"{name} {value:g}"]
    return "\n".join(lines) + "\n"


def _counted(processes: list[Numbers]) -> Iterator[str]:
    for key, family in _COUNTED.items():
        yield from _head(family.name, family.words, "counter")
        for each in processes:
            for name, label, number in sorted(each.counts):
                if name == key:
                    values = label.split(" ") if family.labels else ()
                    pairs = dict(zip(family.labels, values, strict=False))
                    yield f"{family.name}{_labels(each, pairs)} {number}"


def _durations(processes: list[Numbers]) -> Iterator[str]:
    for key, family in _DURATIONS.items():
        yield from _head(family.name, family.words, "histogram")
        for each in processes:
            if key not in each.durations:
                continue
            counts, milliseconds = each.durations[key]
            bounds = [*(f"{bound:g}" for bound in LATENCY_BOUNDS_SECONDS), "+Inf"]
            for bound, below in zip(bounds, accumulate(counts), strict=True):
                yield f"{family.name}_bucket{_labels(each, {'le': bound})} {below}"
            yield f"{family.name}_sum{_labels(each, {})} {milliseconds / 1000:g}"
            yield f"{family.name}_count{_labels(each, {})} {sum(counts)}"


def _gauges(processes: list[Numbers]) -> Iterator[str]:
    for name, words in _GAUGES.items():
        yield from _head(name, words, "counter" if name.endswith("_total") else "gauge")
        for each in processes:
            if name in each.gauges:
                yield f"{name}{_labels(each, {})} {each.gauges[name]:.15g}"


def _head(name: str, words: str, kind: str) -> tuple[str, str]:
    return f"# HELP {name} {words}", f"# TYPE {name} {kind}"


def _labels(numbers: Numbers, more: Mapping[str, str]) -> str:
    pairs = {"role": numbers.role, "process": numbers.process, **more}
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in pairs.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
