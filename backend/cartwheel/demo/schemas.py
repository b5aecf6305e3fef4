"""In what shape the demo shop is shown and asked for."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from cartwheel.demo.store import MOST_A_DAY

LIVELIEST = 120

Pace = Annotated[
    int, Field(strict=True, ge=1, le=LIVELIEST, description="How much happens in a minute")
]


class DemoShopState(BaseModel):
    """Whether the demo shop is open, how lively it is, and what it told today (UTC)."""

    on: bool
    per_minute: int
    told_today: int = Field(description="Events of today")
    most_a_day: int = MOST_A_DAY


class DemoShopChange(BaseModel):
    """Open or close the demo shop."""

    model_config = ConfigDict(extra="forbid")

    on: StrictBool
    per_minute: Pace | None = None
