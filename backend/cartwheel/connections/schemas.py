"""In what shape connections are asked for and shown. Secrets go in and never come out."""

from collections.abc import Collection
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from cartwheel.clock import rfc3339
from cartwheel.connections.choosing import SANDBOX
from cartwheel.connections.models import Connection
from cartwheel.languages.fields import SaidOrNone

Json = Any
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00]*$"),
]


def _without_edges(settings: dict[str, Json]) -> dict[str, Json]:
    return {name: v.strip() if isinstance(v, str) else v for name, v in settings.items()}


# Pasted with the blank or line break beside it, a secret would sign nothing, and nobody sees why.
Secret = Annotated[str, StringConstraints(strip_whitespace=True, max_length=8000)]
Given = Annotated[dict[str, Json], AfterValidator(_without_edges)]
SaveAnyway = Annotated[bool, Field(description="Keep it although the test fails")]


class Body(BaseModel):
    """What we are sent. A field that we do not know is a mistake, and is said to be one."""

    model_config = ConfigDict(extra="forbid")


class NewConnection(Body):
    """An account at an app; `GET /api/apps` tells which settings and secrets it has."""

    app: Annotated[str, Field(max_length=64)]
    name: Name
    settings: Given = Field(default_factory=dict)
    secrets: dict[str, Secret | None] = Field(default_factory=dict)
    is_default: bool = False
    save_anyway: SaveAnyway = False


class ConnectionChange(Body):
    """What to change. Settings are replaced as a whole; of secrets, those that are given (null
    takes one away)."""

    name: Name | None = None
    settings: Given | None = None
    secrets: dict[str, Secret | None] = Field(default_factory=dict)
    is_default: bool | None = None
    save_anyway: SaveAnyway = False


class SecretRenewal(Body):
    """The new signing secret; left out, one is made where the app lets us."""

    secret: Secret | None = None


class ConnectionShape(BaseModel):
    """A connection. `secrets` tells which are set."""

    id: str
    app: str
    name: str
    settings: dict[str, Json]
    secrets: dict[str, bool]
    status: str = Field(description="ok, untested or broken")
    checked_at: str | None
    error: SaidOrNone = Field(description="What the app said when it was asked last")
    is_default: bool = Field(description="Steps of its channel use it when they choose none")
    is_sandbox: bool
    hook_url: str | None = Field(description="Where the app sends its webhooks")


class SavedConnection(ConnectionShape):
    """A connection, and its signing secret where we made one: it is shown this once."""

    signing_secret: str | None = None


class RenewedSecret(BaseModel):
    """The new signing secret where we made it; the former one counts for 24 hours more."""

    signing_secret: str | None
    former_valid_until: str | None


class UsingWorkflow(BaseModel):
    """An active workflow that names the connection."""

    id: str
    name: str


class Deleted(BaseModel):
    """The active workflows that now lack a connection; their steps fail until one is chosen."""

    workflows: list[UsingWorkflow]


class ConnectionPage(BaseModel):
    """Some connections; `next` is the cursor of the page after them."""

    items: list[ConnectionShape]
    next: str | None


def connection_fields(
    found: Connection, secrets: Collection[str], known: Collection[str], hook_url: str | None
) -> dict[str, Any]:
    """What the shapes of a connection have in common; `known` are the secrets it could have."""
    return {
        "id": found.id,
        "app": found.app,
        "name": found.name,
        "settings": found.settings,
        "secrets": {name: name in secrets for name in sorted(known)},
        "status": found.status,
        "checked_at": None if found.checked_at is None else rfc3339(found.checked_at),
        "error": found.error,
        "is_default": found.is_default,
        "is_sandbox": found.app == SANDBOX,
        "hook_url": hook_url,
    }
