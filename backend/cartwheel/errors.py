"""What can go wrong, in words for the one who asked.

Every error that may reach a caller is a `Problem`: an HTTP status, a stable machine code and a
sentence. `app.py` writes it as an RFC 9457 problem document. Anything else that escapes is our
bug and should be loud.
"""

from collections.abc import Mapping
from typing import Any


class Problem(Exception):
    """Something the caller can understand and mend."""

    status = 400
    code = "bad_request"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.status = status or self.status
        self.headers = dict(headers or {})
        self.extra = extra

    def document(self) -> dict[str, Any]:
        """The body of an RFC 9457 answer."""
        return {
            "type": "about:blank",
            "title": self.code.replace("_", " ").capitalize(),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **self.extra,
        }


class Unauthorized(Problem):
    """Nobody we know asked."""

    status, code = 401, "unauthorized"


class Forbidden(Problem):
    """We know who asked, and they may not."""

    status, code = 403, "forbidden"


class NotFound(Problem):
    """There is no such thing in this workspace."""

    status, code = 404, "not_found"


class Conflict(Problem):
    """The thing changed in the meantime, or is in the wrong state."""

    status, code = 409, "conflict"


class TooLarge(Problem):
    """More than we take in at once."""

    status, code = 413, "too_large"


class Invalid(Problem):
    """Well-formed, but not acceptable."""

    status, code = 422, "invalid"


class Busy(Problem):
    """Not now: the database is locked, full, failing or away. Nothing was accepted; try again."""

    status, code = 503, "busy"

    def __init__(self, detail: str, *, retry_after_seconds: int = 2, **extra: Any) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_seconds)}, **extra)


class Crossed(Busy):
    """Two transactions stood in each other's way and ours was undone; at once again may do."""


class StorageFull(Busy):
    """There is no room left for the database to write."""

    code = "storage_full"

    def __init__(self) -> None:
        super().__init__(
            "The storage is full. Nothing was accepted; what was accepted before is not lost. Free "
            "some space on the server, and everything goes on by itself.",
            retry_after_seconds=10,
        )


class StorageFailing(Busy):
    """The storage reports an error, so nothing that is written can be trusted to stay."""

    code = "storage_failing"

    def __init__(self) -> None:
        super().__init__(
            "The storage reports an error. Nothing was accepted; what was accepted before is not "
            "lost. Look at the server's disk; everything goes on when it works again.",
            retry_after_seconds=10,
        )


class CommandRefused(Exception):
    """A command cannot be carried out. The message says why and what to do, for a terminal."""
