"""Sends each customer one of several ways, always the same one."""

import hashlib
from collections.abc import Mapping

from cartwheel.node_sdk import Context, Emit, Json, NodeError

_SLOTS = 10_000
_HOLD_OUT = "hold_out"


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    who = _who(ctx)
    name = str(config.get("name") or ctx.node_id)
    slot = _slot(f"{name}/{who or ctx.read('event.id')}")
    branch, label, share = _chosen(config, slot)
    known = "" if who else " (nobody is known here, so the event decides)"
    words = f"Falls into “{label}”, {share:g} of 100{known}."
    return Emit(branch, {"branch": branch, "slot": slot}, words)


def _who(ctx: Context) -> str | None:
    """The customer, by what stays the same longest."""
    for place in ("customer.id", "contact.id", "contact.email", "contact.phone"):
        if found := ctx.read(place):
            return str(found).strip().lower()
    return None


def _slot(key: str) -> int:
    digest = hashlib.sha256(key.encode()).digest()
    return int.from_bytes(digest[:8]) % _SLOTS


def _chosen(config: Mapping[str, Json], slot: int) -> tuple[str, str, float]:
    """The branch of a slot, its label and its share in percent. The hold-out comes first, so that
    it stays the same when the branches change."""
    held = float(config.get("hold_out", 0))
    edge = held * _SLOTS / 100
    if slot < edge:
        return _HOLD_OUT, "Hold-out", held
    branches = config["branches"]
    whole = sum(branch.get("share", 1) for branch in branches)
    if whole <= 0:
        raise NodeError("No branch has a share.", code="bad_setting", fix="Give one a share.")
    for branch in branches:
        share = (100 - held) * branch.get("share", 1) / whole
        edge += share * _SLOTS / 100
        if slot < edge or branch is branches[-1]:
            return branch["id"], str(branch.get("label") or branch["id"]), round(share, 1)
    raise AssertionError("the last branch takes the rest")
