"""What can come together, what a body's entry looks like, and what a repetition may look at."""

import pytest

from cartwheel.workflows.problems import ProblemCode

from .conftest import Check, Json, edge, graph, node, note, start

IF = {"rules": {"combinator": "and", "rules": [{"field": "order.total", "operator": "notNull"}]}}


def joined(count: int, *edges: Json) -> Json:
    nodes = [start(), node("if", "conditions.if".replace("conditions", "condition"), IF)]
    nodes += [note(name, text="Hello") for name in "abc"]
    nodes.append(node("join", "flow.join", {"wait_for": "n", "count": count}))
    return graph(nodes, [edge("start", "if"), *edges])


BRANCHES = (
    edge("if", "a", "then"),
    edge("if", "b", "then"),
    edge("if", "c", "otherwise"),
    *(edge(name, "join") for name in "abc"),
)


@pytest.mark.parametrize(("count", "is_impossible"), [(2, False), (3, True)])
def test_paths_of_one_way_out_come_together_and_others_do_not(
    check: Check, count: int, is_impossible: bool
) -> None:
    codes = {problem.code for problem in check(joined(count, *BRANCHES))}
    assert (ProblemCode.JOIN_IMPOSSIBLE in codes) is is_impossible


def test_success_and_failure_of_a_step_never_come_together(check: Check) -> None:
    edges = [edge("if", "a", "then"), edge("a", "join"), edge("a", "join", "error")]
    problem = next(p for p in check(joined(2, *edges)) if p.code is ProblemCode.JOIN_IMPOSSIBLE)
    assert "“Done” or by “Error”" in problem.message


def test_a_join_of_more_paths_than_are_drawn_is_impossible(check: Check) -> None:
    edges = [edge("if", "a", "then"), edge("a", "join")]
    problem = next(p for p in check(joined(2, *edges)) if p.code is ProblemCode.JOIN_IMPOSSIBLE)
    assert problem.message == "Only 1 path leads here, and this step waits for 2."


def test_an_entry_of_the_list_has_the_members_of_the_list(check: Check) -> None:
    each = node("each", "flow.each", {"items": "order.line_items"})
    body = note(text="{{ item.sku }} {{ item.skew }}")
    edges = [edge("start", "each"), edge("each", "note", "body")]
    problems = check(graph([start(), each, body], edges))
    assert [p.message for p in problems if p.code is ProblemCode.UNKNOWN_VARIABLE] == [
        "“item.skew” does not exist: “item” has no “skew”."
    ]
