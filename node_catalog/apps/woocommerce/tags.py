"""Tags in WooCommerce, which knows none on orders and customers: they stand in a custom field.

The field is one text, `vip, gift`, because WordPress shows and searches it as such.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from cartwheel.node_sdk import ConnectionInfo, HttpRequest, Json, Response

FIELD = "cartwheel_tags"


def read_tags(connection: ConnectionInfo, target: str, resource_id: str) -> HttpRequest:
    """The call that reads the tags there are."""
    return HttpRequest("GET", f"{_address(connection, target, resource_id)}?_fields=meta_data")


def write_tags(
    connection: ConnectionInfo, target: str, resource_id: str, tags: Iterable[str]
) -> HttpRequest:
    """The call that puts `tags` in the place of the ones there are."""
    body = {"meta_data": [{"key": FIELD, "value": ", ".join(tags)}]}
    return HttpRequest("PUT", _address(connection, target, resource_id), body=body)


def with_tags(answer: Response, added: Sequence[str]) -> list[str]:
    """The tags that `read_tags` found, and after them those of `added` that are new."""
    fields: list[Json] = answer.body.get("meta_data") or [] if isinstance(answer.body, dict) else []
    found = next((field["value"] for field in fields if field.get("key") == FIELD), "")
    there = [tag.strip() for tag in str(found).split(",") if tag.strip()]
    return list(dict.fromkeys([*there, *added]))


def _address(connection: ConnectionInfo, target: str, resource_id: str) -> str:
    url = connection.settings["url"]
    return f"{url}/wp-json/wc/v3/{target}s/{quote(resource_id, safe='')}"
