"""Node-RED as it comes: one process, the flow in a file, nothing of a run stored."""

from collections.abc import Mapping
from typing import Any

import orjson

from benchmarks.rivals_running import Place, Rival

TEXT = "Hi {{{payload.customer.first_name}}}, thanks for {{{payload.name}}}"
BODY = '{"order": "{{{payload.name}}}", "text": "{{{text}}}"}'


def settings(place: Place) -> dict[str, str]:
    """Read by the settings file that it writes for itself at its first start."""
    return {"PORT": str(place.port), "NODE_RED_DISABLE_TELEMETRY": "true"}


def prepare(place: Place, _environment: Mapping[str, str]) -> None:
    """The flow, where it looks for it."""
    folder = place.data / ".node-red"
    folder.mkdir()
    (folder / "flows.json").write_bytes(orjson.dumps(flow(place.provider)))


def flow(provider: int) -> list[dict[str, Any]]:
    """Order in, answered at once; condition, text, body and call, as its editor writes them."""
    template = {"fieldType": "msg", "format": "handlebars", "syntax": "mustache"}
    rule = {"t": "gt", "v": "100", "vt": "num"}
    empty = {"t": "set", "p": "payload", "pt": "msg", "to": "", "tot": "str"}
    return [
        {"id": "bench", "type": "tab", "label": "Bench", "disabled": False, "info": ""},
        _node("in", "http in", ["empty", "if"], url="/orders", method="post", upload=False),
        _node("empty", "change", ["answer"], rules=[empty]),
        _node("answer", "http response", None, statusCode="200", headers={}),
        _node(
            "if", "switch", ["text"], property="payload.total_price", propertyType="msg",
            rules=[rule], checkall="true", repair=False, outputs=1,
        ),
        _node("text", "template", ["body"], field="text", template=TEXT, output="str", **template),
        _node(
            "body", "template", ["call"], field="payload", template=BODY, output="json", **template
        ),
        _node(
            "call", "http request", [], method="POST", ret="obj", paytoqs="ignore",
            url=f"http://127.0.0.1:{provider}/", tls="", persist=False, proxy="",
            insecureHTTPParser=False, authType="", senderr=False, headers=[],
        ),
    ]  # fmt: skip


def _node(name: str, kind: str, then: list[str] | None, **given: Any) -> dict[str, Any]:
    """A node whose one output leads to `then`; None for one without an output."""
    wires = [] if then is None else [then]
    return {"id": name, "type": kind, "z": "bench", "x": 0, "y": 0, "wires": wires, **given}


NODE_RED = Rival(
    "node-red@5.0.7", ("node-red", "-D", "uiHost=127.0.0.1"), "/orders", settings, prepare, None,
    orders=10_000, rate=100,
)  # fmt: skip
