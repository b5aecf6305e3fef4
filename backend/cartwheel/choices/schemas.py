"""In what shape choices are shown."""

from pydantic import BaseModel, Field

from cartwheel.languages.fields import SaidOrNone


class ChoiceList(BaseModel):
    """Values to propose for a setting; others may be written too."""

    items: list[str]
    problem: SaidOrNone = Field(
        default=None, description="Why the app could not be asked; the form works without it"
    )
