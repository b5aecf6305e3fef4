"""Plays every sample of a node type and reports what does not come out as promised."""

from collections.abc import Iterator

from cartwheel.catalog.check.fault import Fault
from cartwheel.catalog.config import ConfigSchema
from cartwheel.catalog.documents import BadDocument
from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.playing import differences, play
from cartwheel.catalog.samples import Sample


async def sample_faults(node_type: NodeType) -> list[Fault]:
    """The faults of the samples, and of their number."""
    folder = node_type.folder / "samples"
    try:
        samples = node_type.samples
    except BadDocument as error:
        return [Fault(error.file, "", error.message)]
    faults = [Fault(folder, "", message) for message in _number_faults(node_type)]
    for sample in samples:
        file = folder / f"{sample.name}.json"
        faults += [Fault(file, "", message) for message in await _faults(node_type, sample)]
    return faults


def _number_faults(node_type: NodeType) -> Iterator[str]:
    outcomes = {sample.error is None for sample in node_type.samples}
    if not outcomes:
        yield "At least one sample shows the step at work."
    elif node_type.effect == "write" and outcomes != {True, False}:
        yield "A step that acts outside shows one success and one refusal."


async def _faults(node_type: NodeType, sample: Sample) -> list[str]:
    messages = [fault.message for fault in node_type.check_config(sample.config)]
    try:
        played = await play(node_type, sample)
    except Exception as error:  # noqa: BLE001  (any mistake of a handler is a fault to report)
        return [*messages, f"It cannot be played: {type(error).__name__}: {error}"]
    messages += differences(node_type, sample, played)
    if sample.error is None and sample.wait_seconds is None and not sample.stop:
        form = ConfigSchema(node_type.output_schema_for(sample.config))
        messages += [
            f"The data at “{fault.field}” do not fit the output: {fault.message}"
            for fault in form.faults(played.output, rendered=True)
        ]
    return messages
