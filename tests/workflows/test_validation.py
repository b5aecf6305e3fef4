"""Every problem of a graph, in words, at its place."""

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartwheel.catalog.registry import Registry, load_registry
from cartwheel.workflows.problems import GraphProblem, Severity
from cartwheel.workflows.validation import check_graph

from .conftest import (
    NOTES,
    SANDBOX,
    Check,
    Json,
    connection,
    edge,
    flow,
    graph,
    node,
    note,
    start,
)

Codes = Callable[..., list[str]]


def rules(*parts: Json, **more: Json) -> Json:
    return {"rules": {"combinator": "and", "rules": list(parts), **more}}


def rule(field: str, value: Json = "1", operator: str = "=") -> Json:
    return {"field": field, "operator": operator, "value": value}


def only(problems: list[GraphProblem]) -> GraphProblem:
    (problem,) = problems
    return problem


def test_a_sound_workflow_has_no_problems(check: Check):
    assert check(flow(note(text="Your order of {{ order.total }} is on its way."))) == []


# --- the drawing ----------------------------------------------------------------------------------


def test_an_empty_graph_misses_a_trigger_and_steps(codes: Codes):
    assert codes(graph([])) == ["no_trigger", "no_steps"]


def test_a_trigger_alone_does_nothing(codes: Codes):
    assert codes(graph([start()])) == ["no_steps"]


def test_a_second_trigger_is_pinned_to_itself(check: Check):
    source = flow(note())
    source["nodes"].append(node("again", "trigger.order_created"))
    problem = only(check(source))
    assert (problem.code, problem.node_id) == ("several_triggers", "again")


def test_a_step_that_nothing_leads_to_is_unreachable(check: Check):
    source = flow(note())
    source["nodes"].append(note("lost"))
    problem = only([each for each in check(source) if each.code == "unreachable"])
    assert problem.node_id == "lost"


def test_a_step_that_is_switched_off_may_lie_about(codes: Codes):
    source = flow(note())
    source["nodes"].append(note("lost", text="", disabled=True))
    assert codes(source) == []


def test_a_circle_is_told_with_the_names_of_its_steps(check: Check):
    source = graph(
        [start(), note("a", label="Thank"), note("b", label="Ask")],
        [edge("start", "a"), edge("a", "b"), edge("b", "a")],
    )
    problem = only(check(source))
    assert problem.code == "cycle"
    assert "Thank → Ask → Thank" in problem.message


def test_two_circles_are_both_told(codes: Codes):
    source = graph(
        [start(), note("a"), note("b")],
        [edge("start", "a"), edge("a", "a"), edge("a", "b"), edge("b", "b")],
    )
    assert codes(source) == ["cycle", "cycle"]


def test_an_output_that_the_step_does_not_have(check: Check):
    source = graph([start(), note()], [edge("start", "note", "then")])
    problem = only(check(source))
    assert (problem.code, problem.node_id) == ("wrong_port", "start")
    assert "done" in (problem.fix or "")


def test_a_switch_has_the_outputs_of_its_cases(codes: Codes):
    switch = node("switch", "condition.switch", {"cases": [{"id": "vip", "label": "VIP"}]})
    source = graph(
        [start(), switch, note()],
        [edge("start", "switch"), edge("switch", "note", "vip")],
    )
    assert codes(source) == []
    switch["config"]["cases"] = []
    assert codes(source) == ["wrong_port"]


def test_nothing_can_lead_to_a_trigger(check: Check):
    source = flow(note())
    source["edges"].append(edge("note", "start"))
    assert {problem.code for problem in check(source)} == {"wrong_port", "cycle"}


def test_a_connection_that_ends_nowhere_is_pinned_to_its_other_end(check: Check):
    source = flow(note())
    source["edges"].append(edge("note", "gone"))
    problem = only(check(source))
    assert (problem.code, problem.node_id) == ("dangling_edge", "note")


def test_two_connections_between_the_same_ends_are_a_warning(check: Check):
    source = flow(note())
    source["edges"].append({**source["edges"][0], "id": "twin"})
    problem = only(check(source))
    assert (problem.code, problem.severity) == ("duplicate_edge", Severity.WARNING)


def test_an_unknown_step_type_is_told_with_a_guess(check: Check):
    problem = only(check(flow(node("note", "action.send_note_"))))
    assert problem.code == "unknown_node_type"
    assert problem.fix == "Did you mean “action.send_note@1”?"


def test_a_version_that_is_not_installed_points_to_the_one_that_is(check: Check):
    source = flow(note())
    source["nodes"][1]["type"] = "action.send_note@7"
    assert only(check(source)).fix == "Did you mean “action.send_note@1”?"


def test_a_step_inside_a_repetition_cannot_be_entered_from_outside(check: Check):
    source = graph(
        [start(), node("each", "flow.each"), note()],
        [edge("start", "each"), edge("each", "note", "body"), edge("start", "note")],
    )
    problem = only(check(source))
    assert (problem.code, problem.node_id) == ("shared_body", "note")


# --- settings and connections ---------------------------------------------------------------------


def test_a_duration_beyond_all_numbers_is_told_at_its_field():
    """A browser writes 1e20 as a hundred quintillions in digits, which no database keeps."""
    rest = node("rest", "flow.delay", {"amount": 10**20, "unit": "days"})
    problems = check_graph(flow(rest), load_registry())
    assert [(problem.code, problem.field, problem.message) for problem in problems] == [
        ("config_too_large", "/amount", "This number is larger than any that can be kept."),
        ("bad_setting", "/amount", "A wait is at least 1 and at most one year in all."),
    ]


def test_a_missing_setting_is_pinned_to_its_field(check: Check):
    source = flow(note())
    del source["nodes"][1]["config"]["text"]
    problem = only(check(source))
    assert (problem.code, problem.field) == ("missing_setting", "/text")
    assert "Message" in problem.message


def test_a_wrong_setting_is_pinned_to_its_field(check: Check):
    call = node("call", "action.call", {"url": "https://example.com", "timeout": "soon"})
    problem = only(check(flow(call)))
    assert (problem.code, problem.field) == ("bad_setting", "/timeout")


def test_ten_thousand_wrong_settings_are_twenty_problems(check: Check):
    call = node("call", "action.call", {"url": "x", **{f"no{n}": 1 for n in range(10_000)}})
    assert len(check(flow(call))) == 20


def test_without_any_connection_the_step_asks_for_one(check: Check):
    other = connection("w1", "web", "Somewhere")
    problem = only(check(flow(note()), other))
    assert (problem.code, problem.field) == ("missing_connection", "/connection")


def test_a_connection_that_was_deleted_is_missing(check: Check):
    source = flow(note())
    source["nodes"][1]["config"]["connection"] = "long-gone"
    assert "does not exist any more" in only(check(source)).message


def test_a_connection_of_another_app_does_not_fit(check: Check):
    source = flow(note())
    source["nodes"][1]["config"]["connection"] = "w1"
    problem = only(check(source, NOTES, connection("w1", "web", "Somewhere")))
    assert problem.message == "The connection “Somewhere” cannot be used by this step."


def test_a_step_that_needs_no_connection_is_left_alone(codes: Codes):
    assert codes(flow(node("call", "action.call", {"url": "https://example.com"}))) == []


def test_the_sandbox_is_a_warning(check: Check):
    problem = only(check(flow(note()), SANDBOX))
    assert (problem.code, problem.severity) == ("sandbox_in_use", Severity.WARNING)


def test_a_real_default_goes_before_the_sandbox(codes: Codes):
    assert codes(flow(note()), SANDBOX, NOTES) == []


# --- variables ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message", "fix"),
    [
        (
            "{{ customer.frist_name | default: 'you' }}",
            "“customer.frist_name” does not exist: “customer” has no “frist_name”.",
            "Did you mean “first_name”?",
        ),
        ("{{ custmer.email }}", "“custmer.email” does not exist.", "Did you mean “customer”?"),
        (
            "{{ order.line_items.sku }}",
            "“order.line_items” is a list, so “sku” has to say of which entry.",
            "Loop over the list, or write order.line_items[0].sku.",
        ),
        (
            "{% for line in order.line_items %}{{ line.quantty }}{% endfor %}",
            "“line.quantty” does not exist: an entry of “order.line_items” has no “quantty”.",
            "Did you mean “quantity”?",
        ),
        (
            "{{ order.total.amount }}",
            "“order.total.amount” does not exist: “order.total” has no “amount”.",
            "Choose a variable from the list.",
        ),
        (
            "{{ steps.nothing.id }}",
            "“steps.nothing.id” does not exist: “steps” has no “nothing”.",
            "Choose a variable from the list.",
        ),
    ],
)
def test_a_variable_that_does_not_exist(check: Check, text: str, message: str, fix: str):
    problem = only(check(flow(note(text=text))))
    assert (problem.code, problem.field) == ("unknown_variable", "/text")
    assert (problem.message, problem.fix) == (message, fix)


@pytest.mark.parametrize(
    "text",
    [
        "{{ order.line_items[0].sku }} and {{ order.line_items.first.sku }}",
        "{% for line in order.line_items %}{{ line.quantity }} × {{ line.sku }}{% endfor %}",
        "{{ order.line_items.size }} things for {{ customer.first_name | default: 'you' }}",
        "{{ event.type }} {{ event.raw.vendor.anything }} {{ workspace.name }} {{ now | date }}",
        "{% if customer.first_name %}Hello {{ customer.first_name }}{% endif %}",
        "{% assign who = customer.email %}{{ who }}",
    ],
)
def test_variables_that_exist_are_no_problem(codes: Codes, text: str):
    assert codes(flow(note(text=text))) == []


def test_where_the_trigger_says_nothing_of_its_data_nothing_is_complained_about(codes: Codes):
    event = node("start", "trigger.event", {"event_type": "quote_accepted"})
    source = graph([event, note(text="{{ quote.number }}")], [edge("start", "note")])
    assert codes(source) == []


def test_the_output_of_an_earlier_step_can_be_used(codes: Codes):
    call = node("call", "action.call", {"url": "https://example.com"})
    assert codes(flow(call, note(text="{{ steps.call.body.name }} {{ steps.call.status }}"))) == []


def test_a_later_step_has_not_run_yet(check: Check):
    call = node("call", "action.call", {"url": "https://example.com"}, label="Ask the ERP")
    problem = only(check(flow(note(text="{{ steps.call.status }}"), call)))
    assert problem.message == "“Ask the ERP” has not run yet when this step runs."


def branching(text: str) -> Json:
    """A call on one of two branches, and a note behind both."""
    return graph(
        [
            start(),
            node("if", "condition.if", rules(rule("order.total"))),
            node("call", "action.call", {"url": "https://example.com"}, label="Ask the ERP"),
            note(text=text),
        ],
        [
            edge("start", "if"),
            edge("if", "call", "then"),
            edge("if", "note", "otherwise"),
            edge("call", "note"),
        ],
    )


def test_a_step_of_another_branch_may_not_have_run(check: Check):
    problem = only(check(branching("{{ steps.call.status }}")))
    assert (problem.code, problem.severity) == ("may_not_have_run", Severity.WARNING)
    assert "Ask the ERP" in problem.message


def test_a_default_settles_what_may_not_have_run(codes: Codes):
    assert codes(branching("{{ steps.call.status | default: 'unknown' }}")) == []


def test_a_step_that_is_switched_off_gives_nothing(codes: Codes):
    call = node("call", "action.call", {"url": "https://example.com"}, disabled=True)
    assert codes(flow(call, note(text="{{ steps.call.status }}"))) == ["may_not_have_run"]


def behind_the_error_port(text: str) -> Json:
    call = node("call", "action.call", {"url": "https://example.com"}, label="Ask the ERP")
    return graph(
        [start(), call, note(text=text)], [edge("start", "call"), edge("call", "note", "error")]
    )


def test_behind_an_error_port_the_error_is_there(codes: Codes):
    assert codes(behind_the_error_port("{{ steps.call.error.message }}")) == []


def test_behind_an_error_port_the_result_is_not(codes: Codes):
    assert codes(behind_the_error_port("{{ steps.call.status }}")) == ["may_not_have_run"]


def test_without_an_error_port_on_the_way_there_is_no_error_to_show(codes: Codes):
    call = node("call", "action.call", {"url": "https://example.com"})
    assert codes(flow(call, note(text="{{ steps.call.error.message }}"))) == ["unknown_variable"]


def test_a_gap_in_a_message_is_a_warning(check: Check):
    problem = only(check(flow(note(text="Hello {{ customer.first_name }}!"))))
    assert (problem.code, problem.field) == ("may_be_empty", "/text")
    assert '{{ customer.first_name | default: "…" }}' in (problem.fix or "")


def test_a_gap_outside_of_messages_is_none(codes: Codes):
    call = node("call", "action.call", {"url": "https://example.com/{{ order.address.city }}"})
    assert codes(flow(call)) == []


def test_inside_a_repetition_there_are_item_and_index(codes: Codes):
    source = graph(
        [start(), node("each", "flow.each"), note(text="{{ item.sku }} {{ index }}")],
        [edge("start", "each"), edge("each", "note", "body")],
    )
    assert codes(source) == []


def test_outside_of_a_repetition_there_is_no_item(codes: Codes):
    assert codes(flow(note(text="{{ item.sku }}"))) == ["unknown_variable"]


def test_a_text_that_cannot_be_read_is_told_at_its_field(check: Check):
    problem = only(check(flow(note(text="Hello {{ customer.first_name"))))
    assert (problem.code, problem.field) == ("bad_template", "/text")


# --- conditions -----------------------------------------------------------------------------------


def test_conditions_step_through_lists(codes: Codes):
    condition = node("if", "condition.if", rules(rule("order.line_items.sku", "MUG-1")))
    assert codes(flow(condition)) == []


def test_every_fault_of_the_conditions_is_told_at_once(check: Check):
    condition = node(
        "if",
        "condition.if",
        rules(
            rule("order.totl"),
            rule("order.total", operator="resembles"),
            {"combinator": "or", "rules": [rule("customer.frist_name")]},
            rule("order.total", "{{ custmer.limit }}"),
        ),
    )
    found = {(problem.code.value, problem.field) for problem in check(flow(condition))}
    assert found == {
        ("unknown_variable", "/rules/rules/0/field"),
        ("bad_rules", "/rules/rules/1/operator"),
        ("unknown_variable", "/rules/rules/2/rules/0/field"),
        ("unknown_variable", "/rules/rules/3/value"),
    }


def test_conditions_without_a_single_one_are_missing(codes: Codes):
    assert codes(flow(node("if", "condition.if", rules()))) == ["missing_setting"]


# --- limits ---------------------------------------------------------------------------------------


def test_ten_thousand_steps_are_one_problem_within_a_second(check: Check):
    source = flow(*(note(f"n{number}", text="{{ nothing.here }}") for number in range(10_000)))
    begun = time.process_time()
    problem = only(check(source))
    assert problem.code == "too_many_nodes"
    assert time.process_time() - begun < 1


def test_a_thousand_broken_steps_are_each_told(check: Check):
    steps = [note(f"n{number}", text=f"{{{{ wrong{number}.name }}}}") for number in range(999)]
    problems = check(flow(*steps))
    assert {problem.code.value for problem in problems} == {"unknown_variable"}
    assert len(problems) == 999


# --- the node types that come with Cartwheel ------------------------------------------------------


def test_the_first_workflow_of_a_new_shop_can_go_live():
    message = {
        "to": "{{ customer.phone }}",
        "text": "Hi {{ customer.first_name | default: 'there' }}, thanks for {{ order.name }}!",
    }
    source = graph(
        [
            start(),
            node("if", "condition.if", rules(rule("order.total", "100", ">"))),
            node("wait", "flow.delay", {"amount": 3, "unit": "days"}),
            node("thank", "action.send_whatsapp", message),
        ],
        [edge("start", "if"), edge("if", "wait", "then"), edge("wait", "thank")],
    )
    problem = only(check_graph(source, load_registry(), (SANDBOX,)))
    assert (problem.code, problem.severity) == ("sandbox_in_use", Severity.WARNING)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "type", "config", "rules", "field", "text", "to", "connection"])
            | st.text(max_size=5),
            inside,
            max_size=5,
        )
    ),
    max_leaves=20,
)
IDS = st.sampled_from(["a", "b", "c", "", "\0", "n" * 101])
TYPES = st.sampled_from(
    [
        "trigger.order_created@1", "condition.if@1", "condition.switch@1", "flow.each@1",
        "action.send_note@1", "action.call@1", "action.call@99", "action.call", "@", "x.y@0",
    ]
)  # fmt: skip
NODES = st.fixed_dictionaries(
    {"id": IDS | JSON, "type": TYPES | JSON, "config": JSON},
    optional={"position": JSON, "label": JSON, "disabled": JSON},
)
EDGES = st.fixed_dictionaries(
    {"source": IDS | JSON, "target": IDS | JSON},
    optional={"id": JSON, "sourceHandle": JSON, "targetHandle": JSON},
)
GRAPHS = st.fixed_dictionaries(
    {"nodes": st.lists(NODES | JSON, max_size=6) | JSON, "edges": st.lists(EDGES | JSON) | JSON},
    optional={"schema": JSON, "settings": JSON},
)


@settings(
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(source=JSON | GRAPHS)
def test_no_json_makes_the_check_fall_over(registry: Registry, source: Json):
    for problem in check_graph(source, registry, (NOTES, SANDBOX)):
        assert problem.message.endswith((".", "?", ")"))
