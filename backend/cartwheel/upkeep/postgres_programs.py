"""PostgreSQL's own programs for copying a database, run with the password out of sight."""

import os
import shutil
import subprocess
from urllib.parse import unquote, urlsplit, urlunsplit

from cartwheel.errors import CommandRefused


def run_program(name: str, url: str, *arguments: str) -> None:
    """Run `pg_dump` or `pg_restore` on the database at `url`. Raises `CommandRefused`."""
    program = shutil.which(name)
    if program is None:
        raise CommandRefused(
            f"{name} was not found on this machine. Install PostgreSQL's client programs "
            "(on Debian and Ubuntu: apt install postgresql-client), no older than the server."
        )
    address, password = _without_password(url)
    done = subprocess.run(  # noqa: S603
        (program, f"--dbname={address}", "--no-password", *arguments),
        env={**os.environ, **({"PGPASSWORD": password} if password else {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = " ".join(done.stderr.split()) or f"exit code {done.returncode}"
        raise CommandRefused(f"{name} could not do it: {said[:600]}")


def _without_password(url: str) -> tuple[str, str | None]:
    """Every user of a machine can read the arguments of its processes."""
    parts = urlsplit(url)
    who, at, where = parts.netloc.rpartition("@")
    name, _, password = who.partition(":")
    return urlunsplit(parts._replace(netloc=f"{name}{at}{where}")), unquote(password) or None
