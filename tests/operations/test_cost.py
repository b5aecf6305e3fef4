"""What a run costs, on what a busy machine cannot falsify: CPU within a wide bound, commits, jobs
and bytes. Times are measured by hand: benchmarks/throughput.md."""

import tempfile
from pathlib import Path

from benchmarks.installation import connect_shop, running
from benchmarks.sender import Orders
from benchmarks.throughput import all_at_once, through

WARMING_UP = 50
ORDERS = 300


def test_runs_share_commits_and_bells_and_cost_little() -> None:
    with tempfile.TemporaryDirectory(prefix="cw") as folder, running(Path(folder)) as made:
        connect_shop(made)
        through(made, Orders(made.port, made.hook, range(WARMING_UP)), 0)
        figures = all_at_once(made, range(WARMING_UP, WARMING_UP + ORDERS))

    cpu, commits = figures["ours_cpu_ms_per_run"], figures["commits_per_1000_runs"]
    jobs, size = figures["jobs_per_1000_runs"], figures["bytes_per_run"]
    assert isinstance(cpu, float)
    assert isinstance(commits, dict)
    assert isinstance(jobs, int)
    assert isinstance(size, int)
    assert cpu < 4
    assert 0 < sum(commits.values()) < 500
    assert 0 < jobs < 500
    assert size < 40_000
