"""What the variable picker offers to a step."""

from collections.abc import Callable

import pytest

from cartwheel.catalog.registry import Registry
from cartwheel.expressions.lookup import parse_path
from cartwheel.workflows.graph import read_graph
from cartwheel.workflows.typed_graph import TypedGraph
from cartwheel.workflows.validation import check_graph
from cartwheel.workflows.variables import Offer, variables_for, written

from .conftest import NOTES, Json, edge, flow, graph, node, note, start

Offers = Callable[[Json, str], dict[str, Offer]]


@pytest.fixture
def offers(registry: Registry) -> Offers:
    """The variables of a step by their written paths."""

    def of(source: Json, node_id: str) -> dict[str, Offer]:
        typed = TypedGraph.of(read_graph(source), registry)
        return {written(offer.path): offer for offer in variables_for(typed, node_id)}

    return of


def test_the_triggers_objects_come_with_words_and_samples(offers: Offers):
    offer = offers(flow(note()), "note")["customer.first_name"]
    assert offer.label == ("Customer", "First name")
    assert (offer.type, offer.may_be_empty, offer.sample) == ("text", True, "Lena")


def test_money_is_told_from_text(offers: Offers):
    assert offers(flow(note()), "note")["order.total"].type == "money"


def test_fields_of_a_list_name_their_list(offers: Offers):
    offer = offers(flow(note()), "note")["order.line_items.sku"]
    assert (offer.list, offer.sample) == (("order", "line_items"), "MUG-1")


def test_what_is_inside_something_that_may_be_empty_may_be_empty(offers: Offers):
    assert offers(flow(note()), "note")["order.address.city"].may_be_empty


def test_an_earlier_steps_result_is_offered_under_its_name(offers: Offers):
    source = flow(note("thank", label="Say thank you"), note())
    offer = offers(source, "note")["steps.thank.message_id"]
    assert offer.label == ("Say thank you", "Text")
    assert (offer.node_id, offer.certain, offer.sample) == ("thank", True, "m-1")


def test_a_later_steps_result_is_not_offered(offers: Offers):
    source = flow(note("thank"), note())
    assert "steps.note.message_id" not in offers(source, "thank")


def test_a_step_of_another_branch_is_not_certain(offers: Offers):
    condition = node("if", "condition.if", {"rules": {"rules": []}})
    edges = [
        edge("start", "if"),
        edge("if", "thank", "then"),
        edge("thank", "note"),
        edge("if", "note", "otherwise"),
    ]
    source = graph([start(), condition, note("thank"), note()], edges)
    assert not offers(source, "note")["steps.thank.message_id"].certain


def test_item_and_index_are_offered_inside_a_repetition_only(offers: Offers):
    edges = [edge("start", "each"), edge("each", "in", "body"), edge("each", "after")]
    source = graph([start(), node("each", "flow.each"), note("in"), note("after")], edges)
    assert {"item", "index", "steps.each.item"} <= offers(source, "in").keys()
    assert not {"item", "index", "steps.each.item"} & offers(source, "after").keys()


def test_behind_an_error_port_the_error_is_offered(offers: Offers):
    edges = [edge("start", "thank"), edge("thank", "note", "error")]
    found = offers(graph([start(), note("thank"), note()], edges), "note")
    assert found["steps.thank.error.message"].certain
    assert not found["steps.thank.message_id"].certain


def test_the_trigger_itself_sees_what_the_event_brings_for_its_filter(offers: Offers):
    found = offers(flow(note()), "start")
    assert "order.total" in found
    assert not any(path.startswith("steps") for path in found)


def test_an_id_that_is_no_name_is_written_with_brackets(offers: Offers):
    path = next(path for path in offers(flow(note("thank you"), note()), "note") if "thank" in path)
    assert path == 'steps["thank you"].message_id'
    assert parse_path(path) == ("steps", "thank you", "message_id")


def test_whatever_is_offered_passes_the_check(registry: Registry, offers: Offers):
    source = flow(note("thank"), note())
    for path, offer in offers(source, "note").items():
        if offer.list is None:
            source["nodes"][2]["config"]["text"] = f"{{{{ {path} | default: 'none' }}}}"
            assert check_graph(source, registry, (NOTES,)) == [], path
