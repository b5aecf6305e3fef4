"""Who asks: the one value that stands for a signed-in person or a program with a token."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from cartwheel.accounts.models import Role
from cartwheel.errors import Forbidden, Unauthorized


@dataclass(frozen=True, slots=True)
class Caller:
    """Someone we know. A program with a token is no person; only a browser has a session."""

    workspace_id: int
    role: Role
    person_id: str | None = None
    session_id: str | None = None
    csrf: str | None = None


def current_caller(request: Request) -> Caller:
    """FastAPI dependency: who asks. The gate in `access.py` has let them in before."""
    caller = request.scope.get("caller")
    if not isinstance(caller, Caller):
        raise Unauthorized("Sign in first, or send an API token.")
    return caller


AnyCaller = Annotated[Caller, Depends(current_caller)]


def needs(role: Role) -> Callable[[Caller], Caller]:
    """FastAPI dependency for what asks for more than the gate does: it lets viewers read, and
    editors do the rest.
    """

    def check(caller: AnyCaller) -> Caller:
        require(caller, role)
        return caller

    return check


def require(caller: Caller, role: Role) -> None:
    """Raises `Forbidden` unless the caller has at least this role."""
    if not caller.role.covers(role):
        raise Forbidden(
            f"This needs the role '{role}'; yours is '{caller.role}'. Ask the workspace's owner."
        )
