"""Keeps in memory what the worker's store writes into the database."""

from collections.abc import Iterable
from dataclasses import replace

from cartwheel.node_sdk import Json
from cartwheel.runs.recorder import StepRecord
from cartwheel.runs.tokens import Place, StepStatus


class MemoryRecorder:
    """The steps of one run, in the order in which they began."""

    def __init__(self) -> None:
        self._steps: dict[Place, StepRecord] = {}

    def keep(self, records: Iterable[StepRecord]) -> None:
        """Write records down; a later one of the same place completes the earlier one."""
        for record in records:
            place = (record.node_id, record.iteration)
            earlier = self._steps.get(place)
            self._steps[place] = record if earlier is None else _completed(earlier, record)

    def result(self, place: Place) -> tuple[StepStatus, Json] | None:
        """How the step at a place stands and what it gave; None where none began."""
        step = self._steps.get(place)
        return None if step is None else (step.status, step.output)

    @property
    def steps(self) -> tuple[StepRecord, ...]:
        return tuple(self._steps.values())


def _completed(earlier: StepRecord, later: StepRecord) -> StepRecord:
    return replace(
        later,
        input=earlier.input if later.input is None else later.input,
        started_at=earlier.started_at or later.started_at,
    )
