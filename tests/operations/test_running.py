"""While Cartwheel runs: what it serves, and how it mends itself."""

import stat
from pathlib import Path

import httpx
import psutil

from tests.running import RunningCartwheel, cartwheel, wait_until

IDLE_MEGABYTES = 250


def test_ready_means_that_the_api_answers(steady: RunningCartwheel) -> None:
    answer = steady.get("/readyz")

    assert answer.status_code == 200
    assert (answer.json()["database"], answer.json()["redis"]) == ("up", "up")


def test_one_address_shows_the_numbers_of_every_process(steady: RunningCartwheel) -> None:
    wait_until(lambda: 'role="worker"' in steady.get("/metrics").text)
    numbers = steady.get("/metrics").text

    assert 'cartwheel_runs_in_hand{role="worker"' in numbers
    assert 'process_cpu_seconds_total{role="api"' in numbers
    assert "\ncartwheel_redis_up 1\n" in numbers


def test_the_built_canvas_is_served(steady: RunningCartwheel) -> None:
    page = steady.get("/")

    assert page.status_code == 200
    assert '<div id="root">' in page.text


def test_the_printed_link_signs_the_owner_in_once(steady: RunningCartwheel) -> None:
    token = steady.link.rpartition("/")[2]
    first = httpx.post(f"{steady.url}/api/login-links/{token}", timeout=60)
    second = httpx.post(f"{steady.url}/api/login-links/{token}", timeout=60)

    assert first.status_code == 200
    assert second.status_code == 404


def test_a_new_link_leads_to_the_port_that_is_used(steady: RunningCartwheel) -> None:
    made = cartwheel("login-link", "--data", str(steady.data))

    assert made.stdout.startswith(f"{steady.url}/login/")


def test_token_create_prints_a_token_that_works_and_nothing_else(steady: RunningCartwheel) -> None:
    made = cartwheel("token", "create", "--name", "script", "--data", str(steady.data))
    token = made.stdout.removesuffix("\n")
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.get(f"{steady.url}/api/node-types", headers=headers, timeout=60)

    assert made.stderr == ""
    assert "\n" not in token
    assert answer.status_code == 200


def test_a_second_one_on_the_same_data_is_refused_with_a_sentence(
    steady: RunningCartwheel,
) -> None:
    second = cartwheel("up", "--data", str(steady.data), "--port", str(steady.port + 1))

    assert second.returncode == 1
    assert f"Cartwheel runs on {steady.data} already" in second.stderr
    assert steady.url in second.stderr
    assert "Traceback" not in second.stderr


def test_a_taken_port_is_refused_with_a_sentence(steady: RunningCartwheel, tmp_path: Path) -> None:
    second = cartwheel("up", "--data", str(tmp_path), "--port", str(steady.port))

    assert second.returncode == 1
    assert f"Port {steady.port} is taken" in second.stderr
    assert "Traceback" not in second.stderr


def test_the_key_and_the_database_are_for_the_owner_alone(steady: RunningCartwheel) -> None:
    modes = {
        file.name: stat.S_IMODE(file.stat().st_mode)
        for file in (steady.data / "secret.key", steady.data / "cartwheel.db", steady.data)
    }

    assert modes == {"secret.key": 0o600, "cartwheel.db": 0o600, "data": 0o700}


def test_at_rest_everything_together_stays_small(steady: RunningCartwheel) -> None:
    used = sum(process.memory_info().rss for process in steady.processes()) / 2**20

    assert used < IDLE_MEGABYTES


def test_a_worker_that_dies_is_started_again_and_it_is_said(steady: RunningCartwheel) -> None:
    old = steady.child("worker")
    old.kill()

    said = steady.wait_for_line("worker ended by itself (signal 9)")
    steady.wait_for_line("worker works again")

    assert "starts again in" in said
    assert steady.child("worker").pid != old.pid


def test_requests_wait_while_the_api_is_started_again(steady: RunningCartwheel) -> None:
    steady.child("api").kill()
    steady.wait_for_line("api ended by itself (signal 9)")

    answer = httpx.get(f"{steady.url}/readyz", timeout=60)

    assert answer.status_code == 200


def test_a_redis_that_dies_is_started_again(steady: RunningCartwheel) -> None:
    old = steady.child("redis")
    old.kill()
    steady.wait_for_line("redis ended by itself")
    psutil.wait_procs([old], timeout=60)

    def is_back() -> bool:
        try:
            return steady.child("redis").pid != old.pid
        except LookupError:
            return False

    wait_until(is_back)
    assert steady.get("/readyz").status_code == 200


def test_a_start_is_quick_where_python_may_not_write_beside_its_sources(tmp_path: Path) -> None:
    forbidden = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": ""}

    with RunningCartwheel(tmp_path / "data", forbidden):
        assert any((tmp_path / "data" / "bytecode").rglob("app.*.pyc"))
