"""However Cartwheel ends, it leaves nothing behind."""

import signal
import socket

import httpx
import pytest

from cartwheel.paths import DataFolder
from cartwheel.supervision.redis_server import find_own_redis
from tests.running import RunningCartwheel, all_gone, wait_until


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_in_order(
    installation: RunningCartwheel, number: signal.Signals
) -> None:
    processes = installation.processes()
    socket_folder = find_own_redis(DataFolder(installation.data)).folder
    assert (socket_folder / "redis.sock").is_socket()

    installation.signal(number)

    assert installation.wait_for_end() == 0
    assert not socket_folder.exists()
    assert len(processes) == 4
    assert all_gone(processes)
    assert "Cartwheel has stopped.\n" in installation.lines


def test_killing_the_supervisor_leaves_no_process_and_a_free_port(
    installation: RunningCartwheel,
) -> None:
    processes = installation.processes()

    installation.signal(signal.SIGKILL)
    installation.wait_for_end()

    wait_until(lambda: all_gone(processes))
    wait_until(lambda: _is_free(installation.port))


def _is_free(port: int) -> bool:
    """Nobody listens there. Another test's client may pass by on the same number for a moment."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def test_a_killed_installation_starts_again_at_once(installation: RunningCartwheel) -> None:
    processes = installation.processes()
    installation.signal(signal.SIGKILL)
    installation.wait_for_end()
    wait_until(lambda: all_gone(processes))

    with RunningCartwheel(installation.data, port=installation.port) as again:
        assert again.get("/readyz").status_code == 200


def test_an_open_live_stream_does_not_hold_up_the_end(installation: RunningCartwheel) -> None:
    headers = {"Authorization": f"Bearer {installation.token()}"}
    with httpx.stream("GET", f"{installation.url}/api/stream", headers=headers) as stream:
        said = stream.iter_raw()
        next(said)  # Kept: without its reader the stream would be closed.
        installation.signal(signal.SIGTERM)

        assert installation.wait_for_end() == 0
    assert not [line for line in installation.lines if "shutdown exceeded" in line]
