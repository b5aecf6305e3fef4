"""Tags through Shopify's Admin API (GraphQL `tagsAdd`, which leaves existing tags alone)."""

from collections.abc import Mapping, Sequence

from cartwheel.node_sdk import ConnectionInfo, HttpRequest, Json, NodeError, Response

API_VERSION = "2026-04"
_ADD_TAGS = (
    "mutation AddTags($id: ID!, $tags: [String!]!) "
    "{ tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field message } } }"
)


def add_tags(
    connection: ConnectionInfo, target: str, resource_id: str, tags: Sequence[str]
) -> HttpRequest:
    """The call that adds `tags` to an order, a customer or a product."""
    shop = connection.settings["shop"]
    return HttpRequest(
        "POST",
        f"https://{shop}/admin/api/{API_VERSION}/graphql.json",
        body={
            "query": _ADD_TAGS,
            "variables": {"id": global_id(target, resource_id), "tags": list(tags)},
        },
    )


def global_id(target: str, resource_id: str) -> str:
    """`gid://shopify/Order/5870213049`, also from a bare number."""
    if resource_id.startswith("gid://"):
        return resource_id
    return f"gid://shopify/{target.capitalize()}/{resource_id}"


def judge(answer: Response) -> None:
    """Raises `NodeError` where Shopify answered 200 and still did not do it."""
    data: Mapping[str, Json] = answer.body.get("data") or {} if _is_object(answer.body) else {}
    errors = (data.get("tagsAdd") or {}).get("userErrors") or []
    if errors:
        words = "; ".join(str(error.get("message")) for error in errors)
        raise NodeError(f"Shopify did not add the tags: {words}", code="refused")


def _is_object(value: Json) -> bool:
    return isinstance(value, Mapping)
