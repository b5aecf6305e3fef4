"""Questions that a graph answers, and what reading one refuses."""

import json

import pytest

from cartwheel.workflows.graph import GraphError, graph_json, parse_graph, read_graph

from .conftest import edge, flow, graph, node, note, start


def test_reading_and_writing_give_the_same_graph_back():
    source = flow(
        note(label="Thanks", description="For Ola", disabled=True), node("far", "flow.stop")
    )
    source["nodes"][1]["position"] = {"x": 120.5, "y": -40}
    source["settings"] = {"channel": "whatsapp"}
    read = read_graph(source)
    assert read_graph(graph_json(read)) == read
    assert graph_json(read)["nodes"][1] == source["nodes"][1]


def test_handles_that_react_flow_leaves_empty_are_done_and_in():
    source = graph(
        [start(), note()],
        [{"id": "e", "source": "start", "target": "note", "sourceHandle": None}],
    )
    (read,) = read_graph(source).edges
    assert (read.source_port, read.target_port) == ("done", "in")


def test_an_edge_without_an_id_is_named_after_its_ends():
    long_id = "n" * 100
    source = graph([start(), note(long_id)], [{"source": "start", "target": long_id}])
    read = read_graph(source)
    assert read.edges[0].id == f"start:done->{long_id}:in"
    assert read_graph(graph_json(read)) == read


def test_unknown_types_and_loose_edges_are_kept():
    read = read_graph(graph([node("a", "action.from_a_pack")], [edge("a", "nowhere")]))
    assert read.nodes["a"].ref == "action.from_a_pack@1"
    assert len(read.edges) == 1
    assert read.outgoing("a") == ()


def test_the_order_puts_every_step_behind_those_that_lead_to_it():
    read = read_graph(
        graph(
            [note("d"), note("b"), note("c"), start("a")],
            [edge("a", "b"), edge("a", "c"), edge("b", "d"), edge("c", "d")],
        )
    )
    assert read.order() == ("a", "b", "c", "d")


def test_a_circle_is_told_as_the_path_around_it():
    read = read_graph(
        graph(
            [start("a"), note("b"), note("c"), note("d")],
            [edge("a", "b"), edge("b", "c"), edge("c", "d"), edge("d", "b")],
        )
    )
    assert read.cycle() == ("b", "c", "d", "b")
    assert read.order() == ("a",)


def test_a_step_that_leads_to_itself_is_a_circle():
    read = read_graph(graph([start("a"), note("b")], [edge("a", "b"), edge("b", "b")]))
    assert read.cycle() == ("b", "b")


def test_without_circles_there_is_none():
    assert read_graph(flow(note("b"), note("c"))).cycle() is None


def test_upstream_and_downstream_see_the_whole_way():
    read = read_graph(flow(note("b"), note("c")))
    assert read.upstream("c") == {"start", "b"}
    assert read.downstream("start") == {"b", "c"}
    assert read.comes_before("b", "c")
    assert not read.comes_before("c", "b")


def test_a_step_on_one_of_two_branches_is_not_sure_to_have_run():
    read = read_graph(
        graph(
            [start(), node("if", "condition.if"), note("a"), note("end")],
            [
                edge("start", "if"),
                edge("if", "a", "then"),
                edge("if", "end", "otherwise"),
                edge("a", "end"),
            ],
        )
    )
    assert read.surely_before("if", "end")
    assert not read.surely_before("a", "end")
    assert read.comes_before("a", "end")


def test_a_step_left_by_its_error_port_has_not_succeeded():
    read = read_graph(
        graph(
            [start(), note("a"), note("b")],
            [
                edge("start", "a"),
                edge("a", "b", "error"),
            ],
        )
    )
    assert read.comes_before("a", "b")
    assert not read.surely_before("a", "b")


def test_a_trigger_that_is_switched_off_starts_nothing():
    source = flow(note())
    source["nodes"][0]["disabled"] = True
    assert read_graph(source).trigger is None


def test_what_cannot_be_read_is_named_all_at_once():
    source = graph(
        [start(), start(), {"id": "x", "type": "trigger.manual"}, 7, node("y", "a.b", position=3)],
        [{"id": "e"}, edge("start", "x"), edge("start", "x")],
    )
    with pytest.raises(GraphError) as caught:
        read_graph(source)
    assert [problem.code for problem in caught.value.problems] == [
        "duplicate_id", "bad_node", "bad_node", "bad_node", "bad_edge", "duplicate_id",
    ]  # fmt: skip
    assert caught.value.status == 422


def test_ten_thousand_steps_are_one_problem():
    read, problems = parse_graph(graph([note(f"n{number}") for number in range(10_000)]))
    assert [problem.code for problem in problems] == ["too_many_nodes"]
    assert "10,000" in problems[0].message
    assert not read.nodes


@pytest.mark.parametrize(
    "config",
    [
        {"text": "x" * 300_000},
        {"deep": json.loads("[" * 40 + "]" * 40)},
        {"text": "a\0b"},
        {"a\ud800b": 1},
        {"number": 2**70},
        {"number": float("nan")},
    ],
    ids=["long", "deep", "nul", "surrogate", "huge number", "not a number"],
)
def test_settings_that_cannot_be_kept_are_refused(config: object):
    _, problems = parse_graph(graph([node("a", "action.call", config)]))
    assert [(problem.code, problem.node_id) for problem in problems] == [("config_too_large", "a")]


_NOTE = {
    "id": "note", "text": "# Ask *Ola*", "color": "pink",
    "position": {"x": 16, "y": 0}, "width": 240, "height": 160,
}  # fmt: skip


def test_notes_are_kept_with_the_drawing_and_say_nothing_to_the_engine():
    with_note = {"schema": 1, "nodes": [], "edges": [], "notes": [_NOTE]}
    assert parse_graph(with_note) == parse_graph({**with_note, "notes": []})


@pytest.mark.parametrize(
    "notes",
    [
        "a text",
        [_NOTE] * 101,
        [{**_NOTE, "text": "x" * 5_001}],
        [{**_NOTE, "color": "url(evil)"}],
        [{**_NOTE, "width": "wide"}],
        [{**_NOTE, "position": None}],
        [{**_NOTE, "onclick": "…"}],
        [7],
    ],
)
def test_what_is_no_note_is_refused(notes: object):
    _, problems = parse_graph({"schema": 1, "nodes": [], "edges": [], "notes": notes})
    assert [problem.message for problem in problems] == ["The graph's notes cannot be read."]
