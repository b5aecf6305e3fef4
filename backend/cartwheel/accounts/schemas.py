"""The shapes in which accounts are asked and answered."""

import zoneinfo
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from cartwheel.accounts.models import ApiToken, Person, Workspace
from cartwheel.accounts.passwords import MAX_CHARACTERS, MIN_CHARACTERS
from cartwheel.clock import rfc3339

EmailAddress = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$"),
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Password = Annotated[str, StringConstraints(max_length=MAX_CHARACTERS)]


KeptDays = Annotated[
    int | None, Field(ge=0, le=3650, description="How many days to keep it; 0 is for ever")
]
SHORTEST_EVENT_DAYS = 30


class Body(BaseModel):
    """What we are sent. A field that we do not know is a mistake, and is said to be one."""

    model_config = ConfigDict(extra="forbid")


class SignIn(Body):
    """An e-mail address and its password."""

    email: str = Field(max_length=254)
    password: Password


class NewPassword(Body):
    """A new password; `current` once there is one, `email` while there is none to sign in by."""

    current: Password | None = None
    new: str = Field(min_length=MIN_CHARACTERS, max_length=MAX_CHARACTERS)
    email: EmailAddress | None = None


class NewToken(Body):
    """What to call a new API token."""

    name: Name


class WorkspaceChange(Body):
    """The settings to change; what is left out stays."""

    name: Name | None = None
    timezone: str | None = Field(None, max_length=64, description="An IANA name: Europe/Warsaw")
    currency: str | None = Field(None, pattern=r"^[A-Z]{3}$", description="An ISO 4217 code: EUR")
    locale: str | None = Field(
        None, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35, description="pt-BR"
    )

    keep_runs_days: KeptDays = None
    keep_events_days: KeptDays = None
    keep_outbox_days: KeptDays = None

    @field_validator("keep_events_days")
    @classmethod
    def _long_enough(cls, days: int | None) -> int | None:
        if days and days < SHORTEST_EVENT_DAYS:
            raise ValueError(
                f"Keep events for at least {SHORTEST_EVENT_DAYS} days, or 0 for ever: shops may "
                "deliver an event again, and it is known again by what is kept."
            )
        return days

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str | None) -> str | None:
        try:
            return zone if zone is None else zoneinfo.ZoneInfo(zone).key
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("There is no such time zone. Example: Europe/Warsaw.") from None

    @model_validator(mode="after")
    def _something(self) -> Self:
        given = self.model_fields_set
        empty = [name for name in given if getattr(self, name) is None]
        if empty:
            raise ValueError(f"These cannot be empty: {', '.join(sorted(empty))}.")
        return self


class PersonShape(BaseModel):
    """The person who is signed in."""

    id: str
    email: str | None
    name: str
    role: str


class WorkspaceShape(BaseModel):
    """The shop's settings."""

    id: int
    name: str
    timezone: str
    currency: str
    locale: str
    keep_runs_days: int
    keep_events_days: int
    keep_outbox_days: int


class SessionShape(BaseModel):
    """Who is signed in, and where. A program with a token is no person and needs no `csrf`."""

    person: PersonShape | None
    workspace: WorkspaceShape
    csrf: str | None = Field(description="Send it as X-CSRF-Token with everything but GET")
    needs_password: bool
    asks_current_password: bool = Field(
        description="A new password needs the current one; not for half an hour after a login link"
    )


class TokenShape(BaseModel):
    """An API token, without the token."""

    id: str
    name: str
    created_at: str
    last_used_at: str | None


class NewTokenShape(TokenShape):
    """A new API token. `token` is shown this once."""

    token: str


class TokenPage(BaseModel):
    """Some API tokens; `next` is the cursor of the page after them."""

    items: list[TokenShape]
    next: str | None


def person_shape(person: Person) -> PersonShape:
    """A person as the screen sees them."""
    return PersonShape(id=person.id, email=person.email, name=person.name, role=person.role)


def workspace_shape(workspace: Workspace) -> WorkspaceShape:
    """A workspace as the screen sees it."""
    return WorkspaceShape.model_validate(workspace.model_dump(exclude={"created_at", "swept_at"}))


def token_fields(token: ApiToken) -> dict[str, str | None]:
    """What a token's shapes have in common."""
    used = token.last_used_at
    return {
        "id": token.id,
        "name": token.name,
        "created_at": rfc3339(token.created_at),
        "last_used_at": None if used is None else rfc3339(used),
    }
