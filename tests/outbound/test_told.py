"""What an answer tells of a provider's bucket is believed, before it refuses anything.

The answers are Shopify's, as its own documentation and the test data of public clients show them.
"""

from typing import Any

import pytest

from cartwheel.outbound.limits import ConnectionLimit
from cartwheel.outbound.pace import RECOVERY_SECONDS, Pace
from cartwheel.outbound.told import Level, told_level

NOW = 1000.0
about = pytest.approx


def cost(requested: float, actual: float | None, size: float, left: float, restored: float) -> Any:
    """The part of an answer in GraphQL that tells."""
    status = {"maximumAvailable": size, "currentlyAvailable": left, "restoreRate": restored}
    told = {
        "requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": status,
    }  # fmt: skip
    return {"data": {"tagsAdd": {"userErrors": []}}, "extensions": {"cost": told}}


THROTTLED = {
    "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
    "extensions": cost(202, None, 1000.0, 118, 50.0)["extensions"],
}


def test_a_header_tells_how_many_calls_are_in_the_bucket() -> None:
    assert told_level({"X-Shopify-Shop-Api-Call-Limit": "32/40"}, None) == Level(32, 40, 2)


def test_an_answer_in_graphql_tells_points_and_what_they_buy() -> None:
    level = told_level({}, cost(10, 10, 2000.0, 1990, 100.0))
    assert level == Level(10, 2000, 100, 10, 10)
    assert (level.per_second, level.is_high) == (10, False)


def test_a_query_that_was_refused_tells_when_there_is_enough_again() -> None:
    level = told_level({}, THROTTLED)
    assert level is not None
    assert level.is_high
    assert level.seconds_until_enough == about((202 - 118) / 50)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"X-Shopify-Shop-Api-Call-Limit": "many"}, None),
        ({"X-Shopify-Shop-Api-Call-Limit": "1/0"}, None),
        ({}, {"extensions": {"cost": {"throttleStatus": "soon"}}}),
        ({}, cost(10, 10, 1000, 900, 0)),
        ({}, cost(float("nan"), 10, 1000, 900, 50)),
        ({}, ["extensions"]),
        ({}, "extensions"),
    ],
)
def test_what_cannot_be_read_tells_nothing(headers: dict[str, str], body: Any) -> None:
    assert told_level(headers, body) is None


def test_a_bucket_that_is_nearly_full_sets_the_pace() -> None:
    limit = ConnectionLimit(Pace(100, 200))
    limit.heed_level(Level(20, 40, 2), NOW)
    assert limit.per_second(NOW) == 100
    limit.heed_level(Level(32, 40, 2), NOW)
    assert limit.per_second(NOW + RECOVERY_SECONDS) == about(2)


def test_a_shop_that_tells_its_points_is_asked_no_faster_than_they_come_back() -> None:
    """10 points a call, 50 a second, nobody is refused: 400 calls in the time that it takes."""
    bucket, limit, now, refused = 1000.0, ConnectionLimit(Pace()), NOW, 0
    for number in range(400):
        while wait := limit.admit(str(number), now):
            now, bucket = now + wait, min(bucket + wait * 50, 1000)
        refused += bucket < 10
        bucket -= 10
        limit.heed_level(Level(1000 - bucket, 1000, 50, 10, 10), now)
        limit.leave()
    assert refused == 0
    assert now - NOW <= 1.6 * (400 * 10 - 1000) / 50


def test_all_wait_until_there_is_enough_for_the_next_call() -> None:
    limit = ConnectionLimit(Pace())
    level = told_level({}, THROTTLED)
    assert level is not None
    limit.heed_level(level, NOW)
    assert limit.admit("next", NOW) == about(1.68)
    limit.hold(1.0, NOW)  # Its complaint comes with the same answer, and makes it no slower.
    assert limit.admit("next", NOW + level.seconds_until_enough + 1) == 0
