"""Lists of megabytes, and what is no list: a sentence or all passes, in a small worker."""

from typing import Any

import pytest

from cartwheel.statements import Sql
from tests.recovery.installation import Installation
from tests.recovery.ledger import Ledger
from tests.runs.conftest import START, Shop, chain, edge, node

PASSES = 45
LARGEST_RSS_MIB = 400
"""However many there are: a worker has as many of them in hand as its memory bears. `--chaos` has
24, which took 670 MiB before they were weighed."""

GROWING_LINES, COLUMNS = 9_500, 20


def goes_through(path: str, *before: dict[str, Any]) -> dict[str, Any]:
    """Each entry's name is taken down."""
    graph = chain(START, *before, node("each", "flow.for_each@1", items=path))
    value = {"name": "sku", "value": "{{ item.sku }}"}
    graph["nodes"].append(node("name", "data.set@1", values=[value]))
    graph["edges"].append(edge("each", "name", "body"))
    return graph


def near_the_limit() -> list[dict[str, str]]:
    """4.7 MB: a webhook may have 5."""
    return [{"sku": f"S{number}", "notes": "n" * 105_000} for number in range(PASSES)]


def grows() -> str:
    """4.6 MB of CSV that are 13 MB as a list, because each entry names its columns."""
    titles = ",".join(f"column {number} {'x' * 30}" for number in range(COLUMNS))
    line = ",".join(["y" * 23] * COLUMNS)
    return "\n".join([titles, *[line] * GROWING_LINES])


@pytest.mark.one_database
async def test_lists_of_megabytes_end_in_a_sentence_or_in_all_their_passes(
    installation: Installation, ledger: Ledger, chaos: bool
) -> None:
    shop, times = Shop(installation.database), 8 if chaos else 1
    rows = node("csv", "data.read_csv@1", source="order.file", limit=10_000)
    await shop.activate(goes_through("order.line_items"), "large")
    await shop.activate(goes_through("steps.csv.rows", rows), "grows")
    await shop.activate(goes_through("order.note"), "no_list")
    for _ in range(times):
        await shop.happen({"order": {"id": "1", "line_items": near_the_limit()}}, "large")
        await shop.happen({"order": {"id": "1", "file": grows()}}, "grows")
        await shop.happen({"order": {"id": "1", "note": "A text"}}, "no_list")
    installation.fault("large lists")
    installation.start_worker("w")
    ended = await installation.settled(3 * times, seconds=120)
    line = await ledger.check(3 * times, least={"accept": 1}, keys=0)
    assert (ended["succeeded"], ended["failed"]) == (times, 2 * times)
    assert await installation.count("step WHERE node_id = 'name'") == PASSES * times
    assert await _sentences(installation) == {
        "“steps.csv.rows” is larger than 10 MB.",
        "“order.note” is no list to go through: it is a text.",
    }
    assert await installation.count("step WHERE node_id = 'csv' AND status = 'succeeded'") == times
    assert 0 < line["rss_mib"]["worker"] <= LARGEST_RSS_MIB


async def _sentences(installation: Installation) -> set[str]:
    rows = await installation.database.fetch(Sql("SELECT error FROM run WHERE error IS NOT NULL"))
    return {row[0].partition('"message":"')[2].partition('"')[0] for row in rows}
