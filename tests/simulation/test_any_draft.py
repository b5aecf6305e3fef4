"""Whatever stands in a draft, playing it gives a trace: no setting makes it raise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.registry import load_registry
from cartwheel.node_sdk import Json
from cartwheel.simulation.scenario import Answer, HappenedEvent
from cartwheel.simulation.view import result_shape
from tests.simulation.playing import NOON, plan_of, played

TYPES = [each for each in load_registry().types if each.category != "trigger"]
TEXTS = st.sampled_from(
    [
        "", "x", "100", "{{ order.total }}", "{{ order.line_items }}", "{{ oops", "{% if %}",
        "https://a.example", "GET", "POST", "days", "json", "in", "between", "matches", "(",
        "order.total", "{{ 1 | divided_by: 0 }}",
    ]
)  # fmt: skip
KEYS = st.sampled_from(
    ["id", "label", "value", "name", "type", "field", "operator", "rules", "combinator"]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    # Larger ones are no graph at all.
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
)
VALUES: st.SearchStrategy[Json] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


@st.composite
def configs(draw: st.DrawFn, node_type: NodeType) -> dict[str, Json]:
    """A sample's settings with some of them replaced by anything."""
    sample = draw(st.sampled_from(list(node_type.samples)))
    config = dict(sample.config)
    names = sorted({*config, *node_type.config_schema.get("properties", {}), "stranger"})
    for name in draw(st.lists(st.sampled_from(names), max_size=3)):
        config[name] = draw(VALUES)
    return config


@pytest.mark.parametrize("node_type", TYPES, ids=lambda each: each.ref)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_settings_and_any_answer_give_a_trace(node_type: NodeType, data: st.DataObject) -> None:
    config = data.draw(configs(node_type))
    event = HappenedEvent("manual", {"order": data.draw(VALUES), "customer": data.draw(VALUES)})
    answer = Answer(
        data.draw(st.sampled_from([200, 204, 302, 400, 429, 500])), {}, data.draw(VALUES)
    )
    plan = plan_of({"t": ("trigger.manual", {}), "n": (node_type.name, config)}, "t > n")
    found = played(plan, event, answers={"n": [answer]})
    step = found.runs[0].steps[1]
    assert step.error is None or step.error.code != "internal", step.error
    assert result_shape(found, NOON).model_dump_json()
