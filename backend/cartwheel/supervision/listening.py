"""The socket that the API answers on. The supervisor holds it, so a restart refuses nobody."""

import errno
import socket

from cartwheel.errors import CommandRefused

_BACKLOG = 2048
_PATIENCE_SECONDS = 2.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104
_QUESTION = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises `CommandRefused` with what to do."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except (OSError, OverflowError, UnicodeError) as error:
        raise CommandRefused(_words(error, host, port)) from None


def _words(error: Exception, host: str, port: int) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program. Stop that one, or choose another port, "
            f"such as --port {port + 1}."
        )
    if number == errno.EACCES:
        return f"This user may not open port {port}. Choose one above 1023, such as --port 8400."
    no_address = isinstance(error, socket.gaierror | UnicodeError)
    if no_address or number == errno.EADDRNOTAVAIL:
        return f"This machine has no address {host!r}. Use --host 127.0.0.1, or 0.0.0.0 for all."
    return f"Port {port} on {host} cannot be opened: {error}."


def is_ready(host: str, port: int) -> bool:
    """Whether the API says that it is ready, asked as anybody would ask."""
    try:
        with socket.create_connection((_EVERYWHERE.get(host, host), port), 1) as connection:
            connection.settimeout(_PATIENCE_SECONDS)
            connection.sendall(_QUESTION)
            return connection.recv(64).split()[1:2] == [b"200"]
    except OSError:
        return False
