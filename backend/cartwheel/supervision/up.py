"""`cartwheel up`: everything on one machine, from the lock on the data folder to the last line."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial

from cartwheel.errors import CommandRefused
from cartwheel.revision import newest_revision, refuse_newer, sqlite_revision
from cartwheel.settings import Settings, key_in
from cartwheel.supervision.child import Program
from cartwheel.supervision.data_lock import Installation, take_lock
from cartwheel.supervision.listening import is_ready, listen
from cartwheel.supervision.redis_server import OwnRedis, find_own_redis
from cartwheel.supervision.supervisor import Supervisor
from cartwheel.supervision.tether import KERNEL_DOES_IT, die_with_parent

API_STOP_SECONDS = 12.0
WORKER_STOP_SECONDS = 10.0
REDIS_STOP_SECONDS = 3.0


def run_up(settings: Settings) -> int:
    """Start everything, keep it running, stop it when told to. Raises `CommandRefused`."""
    as_json = settings.log == "json"
    say = partial(_say, as_json)
    with ExitStack() as stack:
        lock = take_lock(settings.data)
        stack.callback(lock.release)
        listener = stack.enter_context(listen(settings.host, settings.port))
        environment = _environment(settings)
        _prepare(settings, environment)
        redis = find_own_redis(settings.data) if settings.redis_url is None else None
        if redis is not None:
            stack.callback(redis.clear)
        programs = _programs(redis, environment, lock.installation, listener.fileno())
        lock.tell(settings.base_url)
        code = Supervisor(
            programs,
            is_ready=partial(is_ready, settings.host, settings.port),
            announce=partial(_announce_as_json if as_json else _announce, settings),
            say=say,
        ).run()
    if as_json:
        say("cartwheel", "Cartwheel has stopped.")
    else:
        print("Cartwheel has stopped.", flush=True)
    return code


def _environment(settings: Settings) -> dict[str, str]:
    """What children see: our settings spelled out, whatever they were read from.

    Few arenas: the C library otherwise keeps memory of its own for every thread.
    """
    return {
        "MALLOC_ARENA_MAX": "2",
        **_with_bytecode(settings),
        "CARTWHEEL_DATA_DIR": str(settings.data.root),
        "CARTWHEEL_HOST": settings.host,
        "CARTWHEEL_PORT": str(settings.port),
        "PYTHONUNBUFFERED": "1",
    }


def _with_bytecode(settings: Settings) -> dict[str, str]:
    """Our environment; where Python may not write compiled files beside the sources (usual in
    containers and build machines), children keep them with the data: it halves every start."""
    environment = dict(os.environ)
    if environment.pop("PYTHONDONTWRITEBYTECODE", ""):
        kept = environment.get("PYTHONPYCACHEPREFIX") or str(settings.data.root / "bytecode")
        environment["PYTHONPYCACHEPREFIX"] = kept
    return environment


def _prepare(settings: Settings, environment: Mapping[str, str]) -> None:
    """Make the key and bring the database up to date, in a process that goes away afterwards."""
    if settings.is_sqlite and _has_key(settings):
        found = sqlite_revision(settings.data.database)
        refuse_newer(found)
        if found == newest_revision() and _is_own_database(settings):
            return
    done = subprocess.run(  # noqa: S603
        _cartwheel("migrate", "--quiet"),
        env=dict(environment),
        check=False,
        start_new_session=True,
        preexec_fn=die_with_parent() if KERNEL_DOES_IT else None,
    )
    if done.returncode != 0:
        raise CommandRefused("The database could not be prepared; nothing was started.")


def _has_key(settings: Settings) -> bool:
    """Whether there is a key that can be one; what is wrong with it is said by whoever reads it."""
    try:
        return key_in(settings.data.secret_key.read_text("latin-1")) is not None
    except OSError:
        return False


def _is_own_database(settings: Settings) -> bool:
    return settings.database_url == f"sqlite:///{settings.data.database}"


def _programs(
    redis: OwnRedis | None,
    environment: Mapping[str, str],
    installation: Installation,
    listener: int,
) -> list[Program]:
    """In the order of their start; they stop in the opposite one."""
    programs = []
    if redis is not None:
        environment = {**environment, "CARTWHEEL_REDIS_URL": redis.url}
        programs.append(Program("redis", redis.command, environment, REDIS_STOP_SECONDS))
    worker_environment = {**environment, "CARTWHEEL_DEAD_WORKER": installation.worker}
    return [
        *programs,
        Program(
            "worker",
            _cartwheel("worker", "--name", installation.worker),
            worker_environment,
            WORKER_STOP_SECONDS,
            reports=True,
        ),
        Program(
            "api",
            _cartwheel("serve", "--listen-fd", str(listener)),
            environment,
            API_STOP_SECONDS,
            reports=True,
            hands_down=(listener,),
        ),
    ]


def _cartwheel(*arguments: str) -> tuple[str, ...]:
    """Our own command, run by this Python; `-P` keeps the current folder off its path."""
    return (sys.executable, "-P", "-m", "cartwheel", *arguments)


def _announce(settings: Settings, reports: Mapping[str, str]) -> None:
    link = reports.get("api", "")
    print(f"\nCartwheel is ready at {settings.base_url}")
    if link:
        print(f"Sign in as the owner, once, within 15 minutes: {link}")
    print("Stop it with Ctrl-C.\n", flush=True)


def _announce_as_json(settings: Settings, reports: Mapping[str, str]) -> None:
    _say(True, "cartwheel", f"Cartwheel is ready at {settings.base_url}")
    if link := reports.get("api"):
        _say(True, "cartwheel", f"Sign in as the owner, once, within 15 minutes: {link}")


def _say(as_json: bool, speaker: str, line: str) -> None:
    """A line of ours or of a child's. As JSON, what a child says in JSON is passed on as it is."""
    if not line.strip():
        return
    if not as_json:
        print(f"{speaker:<9} | {line}", flush=True)
        return
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    said = {"time": moment, "level": "info", "process": speaker, "message": line}
    print(line if line.startswith("{") else json.dumps(said, ensure_ascii=False), flush=True)
