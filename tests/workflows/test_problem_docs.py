"""docs/problems.md shows every kind of problem as it really reads."""

import re
from pathlib import Path

import pytest

from cartwheel.workflows.problems import GraphProblem, ProblemCode

from .conftest import SANDBOX, Check, Json, connection, edge, flow, graph, node, note, start

PAGE = Path(__file__).parents[2] / "docs" / "problems.md"
CALL = {"url": "https://example.com"}


def looped() -> Json:
    source = flow(note("thank", label="Thank"), note("ask", label="Ask"))
    source["edges"].append(edge("ask", "thank"))
    return source


def doubled_edge() -> Json:
    source = flow(note())
    source["edges"].append({**source["edges"][0], "id": "twin"})
    return source


def with_edge(source: Json, *edges: Json) -> Json:
    source["edges"].extend(edges)
    return source


def with_node(source: Json, *nodes: Json) -> Json:
    source["nodes"].extend(nodes)
    return source


def condition(field: str, operator: str = "=") -> Json:
    rule = {"field": field, "operator": operator, "value": "100"}
    return node("if", "condition.if", {"rules": {"combinator": "and", "rules": [rule]}})


def two_branches() -> Json:
    call = node("ask", "action.call", CALL, label="Ask the ERP")
    last = note(text="{{ steps.ask.status }}")
    edges = [
        edge("start", "if"),
        edge("if", "ask", "then"),
        edge("ask", "note"),
        edge("if", "note", "otherwise"),
    ]
    return graph([start(), condition("order.total"), call, last], edges)


def shared_body() -> Json:
    each = node("each", "flow.each", label="For each item")
    edges = [edge("start", "each"), edge("each", "note", "body"), edge("start", "note")]
    return graph([start(), each, note()], edges)


def impossible_join() -> Json:
    edges = [
        edge("start", "if"),
        edge("if", "join", "then"),
        edge("if", "join", "otherwise"),
    ]
    join = node("join", "flow.join", {"wait_for": "n", "count": 2})
    return graph([start(), condition("order.total"), join], edges)


def never_starting() -> Json:
    entry = {"key": "customer", "mode": "parallel", "limit": 0}
    return {**flow(note()), "settings": {"entry": entry}}


EXAMPLES: dict[ProblemCode, tuple[Json, ...]] = {
    ProblemCode.BAD_ENTRY: (never_starting(),),
    ProblemCode.BAD_GRAPH: ([],),
    ProblemCode.BAD_NODE: (with_node(flow(note()), {"id": "x", "type": "action.send_sms"}),),
    ProblemCode.BAD_EDGE: (with_edge(flow(note()), {"id": "e"}),),
    ProblemCode.TOO_MANY_NODES: (graph([note(f"n{number}") for number in range(10_000)]),),
    ProblemCode.TOO_MANY_EDGES: (graph([], [edge("a", "b")] * 5_001),),
    ProblemCode.CONFIG_TOO_LARGE: (flow(note(text="x" * 300_000)),),
    ProblemCode.DUPLICATE_ID: (with_node(flow(note("thank")), note("thank")),),
    ProblemCode.DANGLING_EDGE: (with_edge(flow(note()), edge("note", "gone")),),
    ProblemCode.DUPLICATE_EDGE: (doubled_edge(),),
    ProblemCode.NO_TRIGGER: (graph([]),),
    ProblemCode.SEVERAL_TRIGGERS: (with_node(flow(note()), start("again")),),
    ProblemCode.NO_STEPS: (graph([start()]),),
    ProblemCode.UNREACHABLE: (with_node(flow(note()), note("lost")),),
    ProblemCode.CYCLE: (looped(),),
    ProblemCode.SHARED_BODY: (shared_body(),),
    ProblemCode.JOIN_IMPOSSIBLE: (impossible_join(),),
    ProblemCode.NOT_A_LIST: (flow(node("each", "flow.each", {"items": "order.total"})),),
    ProblemCode.WRONG_PORT: (graph([start(), note()], [edge("start", "note", "then")]),),
    ProblemCode.UNKNOWN_NODE_TYPE: (flow(node("sms", "action.send_nots")),),
    ProblemCode.MISSING_SETTING: (flow(node("note", "action.send_note", {"to": "lena"})),),
    ProblemCode.BAD_SETTING: (flow(node("call", "action.call", {**CALL, "timeout": 0})),),
    ProblemCode.BAD_TEMPLATE: (flow(note(text="{{ order.total | mony }}")),),
    ProblemCode.BAD_RULES: (flow(condition("order.total", "resembles")),),
    ProblemCode.UNKNOWN_VARIABLE: (flow(note(text="{{ customer.frist_name }}")),),
    ProblemCode.MAY_NOT_HAVE_RUN: (two_branches(),),
    ProblemCode.MAY_BE_EMPTY: (flow(note(text="Hello {{ customer.first_name }}")),),
    ProblemCode.MISSING_CONNECTION: (flow(note()), connection("w", "web", "Somewhere")),
    ProblemCode.SANDBOX_IN_USE: (flow(note()), SANDBOX),
}


def shown(problem: GraphProblem) -> str:
    """A problem's row in the page."""
    fix = (problem.fix or "").replace("|", "\\|")
    return f"| `{problem.code}` | {problem.severity} | {problem.message} | {fix} |"


WITH_OTHER_WORKFLOWS = {
    ProblemCode.UNKNOWN_WORKFLOW,
    ProblemCode.NOT_CALLABLE,
    ProblemCode.CALLS_ITSELF,
}
"""Told when a workflow is switched on; `test_calls` shows them."""

WITH_TABLES = {
    ProblemCode.UNKNOWN_TABLE,
    ProblemCode.UNKNOWN_COLUMN,
    ProblemCode.BAD_CELL,
    ProblemCode.MISSING_KEY,
}
"""Told of the shop's own tables; `tests/records/test_steps.py` shows them."""

OF_RANGES = {ProblemCode.CASES_OVERLAP}
"""Told of cases with operators; `tests/node_catalog/test_ways.py` shows it."""

OF_PEOPLE = {
    ProblemCode.NO_APPROVER,
    ProblemCode.TOO_FEW_APPROVERS,
    ProblemCode.APPROVER_UNREACHABLE,
    ProblemCode.CHANNEL_MISSING,
    ProblemCode.DEADLINE_IMPOSSIBLE,
    ProblemCode.REMINDER_IMPOSSIBLE,
}
"""Told of steps that ask people; `tests/approvals/test_deciding.py` shows them."""


@pytest.mark.parametrize("code", [each for each in ProblemCode if each in EXAMPLES])
def test_the_page_shows_the_problem_as_it_reads(check: Check, code: ProblemCode):
    problem = next(each for each in check(*EXAMPLES[code]) if each.code is code)
    assert shown(problem) in PAGE.read_text(encoding="utf-8").splitlines()


def test_every_problem_has_an_example():
    shown_elsewhere = WITH_OTHER_WORKFLOWS | WITH_TABLES | OF_RANGES | OF_PEOPLE
    assert set(ProblemCode) == EXAMPLES.keys() | shown_elsewhere


def test_the_page_shows_nothing_that_does_not_exist():
    listed = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(ProblemCode)
