"""Every node type that is installed, found and not listed: each sample is played as the checker
plays it, and then once more by the engine, in a workflow around the step."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.playing import differences, play
from cartwheel.catalog.registry import load_registry
from cartwheel.catalog.samples import Sample
from cartwheel.runs.plan import compile_plan
from cartwheel.runs.tokens import RunStatus, StepStatus
from cartwheel.simulation.driver import Played
from cartwheel.simulation.driver import play as simulate
from cartwheel.simulation.scenario import Answer, HappenedEvent, KnownConnection, Scenario
from cartwheel.workflows.graph import read_graph
from cartwheel.workflows.problems import Severity
from cartwheel.workflows.validation import check_graph

TYPES = load_registry().types
SAMPLES = [(node_type, sample) for node_type in TYPES for sample in node_type.samples]
HARMLESS = {"may_be_empty", "unknown_variable", "may_not_have_run", "missing_connection"}
"""Faults of the small graph around the step, and not of the step's own settings."""

each_type = pytest.mark.parametrize("node_type", TYPES, ids=lambda each: each.ref)
each_sample = pytest.mark.parametrize(
    ("node_type", "sample"),
    SAMPLES,
    ids=[f"{node_type.ref}-{sample.name}" for node_type, sample in SAMPLES],
)


@each_sample
async def test_a_sample_comes_true(node_type: NodeType, sample: Sample) -> None:
    assert list(differences(node_type, sample, await play(node_type, sample))) == []


@each_sample
def test_a_samples_settings_pass_the_graph_check(node_type: NodeType, sample: Sample) -> None:
    problems = check_graph(graph_around(node_type, sample), load_registry())
    assert [
        problem
        for problem in problems
        if problem.severity is Severity.ERROR and problem.code not in HARMLESS
    ] == []


@each_sample
async def test_a_sample_plays_the_same_in_the_engine(node_type: NodeType, sample: Sample) -> None:
    played = await simulated(node_type, sample)
    run = played.runs[0]
    step = next(step for step in run.steps if step.node_id == "step")
    assert played.stopped is None
    if sample.error is not None:
        assert step.status is StepStatus.FAILED
    elif sample.stop:
        assert run.status is (RunStatus.FAILED if sample.stop["failed"] else RunStatus.SUCCEEDED)
        assert run.finish is not None
        assert run.finish.label == sample.stop["label"]
    else:
        assert (step.status, step.port) == (StepStatus.SUCCEEDED, sample.port)
        assert node_type.run is None or step.output == sample.output


@each_type
def test_a_node_type_explains_itself(node_type: NodeType) -> None:
    assert node_type.description.endswith(".")
    assert node_type.search_words
    assert "pl" in node_type.translations


async def simulated(node_type: NodeType, sample: Sample) -> Played:
    """A sample as the engine plays it, in a workflow around its step."""
    plan = compile_plan(read_graph(graph_around(node_type, sample)), load_registry())
    scenario = Scenario(
        event=HappenedEvent("manual", sample.input or sample.output or {}),
        start=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
        answers={"step": answers_of(sample)},
        connections=connections_of(sample),
        workspace={"name": "Shop", "currency": "EUR", "timezone": "UTC", "locale": "en"},
    )
    return await simulate(plan, scenario)


def graph_around(node_type: NodeType, sample: Sample) -> dict[str, Any]:
    """A trigger, the step, and after each of its ways out nothing more."""
    config = {**sample.config, **({"connection": "sample"} if sample.connection else {})}
    step = {"id": "step", "type": node_type.ref, "config": config, "position": {"x": 0, "y": 0}}
    if node_type.category == "trigger":
        after = {"id": "after", "type": "flow.stop@1", "config": {}, "position": {"x": 0, "y": 0}}
        return {"schema": 1, "nodes": [step, after], "edges": [edge("step", "after")]}
    start = {"id": "start", "type": "trigger.manual@1", "config": {}, "position": {"x": 0, "y": 0}}
    return {"schema": 1, "nodes": [start, step], "edges": [edge("start", "step")]}


def edge(source: str, target: str) -> dict[str, str]:
    ends = {"source": source, "sourceHandle": "done", "target": target, "targetHandle": "in"}
    return {"id": f"{source}-{target}", **ends}


def answers_of(sample: Sample) -> list[Answer]:
    answers = [call.response for call in sample.exchange]
    return [Answer(answer.status, answer.headers, answer.body) for answer in answers]


def connections_of(sample: Sample) -> list[KnownConnection]:
    given = sample.connection
    if given is None:
        return []
    return [KnownConnection("sample", given.app, given.name, settings=given.settings)]
