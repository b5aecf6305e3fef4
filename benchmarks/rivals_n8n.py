"""n8n as its documentation starts it: one process (`regular` mode) and its task runner, SQLite,
executions saved, the production webhook of a published workflow."""

import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from itertools import pairwise
from typing import Any

import orjson

from benchmarks.rivals_running import LOG, Place, Rival
from tests.running import free_port

WORKFLOW = "benchmark0000001"
QUIET = {
    "N8N_DIAGNOSTICS_ENABLED": "false", "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
    "N8N_TEMPLATES_ENABLED": "false",
}  # fmt: skip


def settings(place: Place) -> dict[str, str]:
    """Nothing that would make it faster or slower: only where it is, and that it calls nobody."""
    where = {
        "N8N_USER_FOLDER": str(place.data), "N8N_PORT": str(place.port),
        "N8N_LISTEN_ADDRESS": "127.0.0.1", "N8N_RUNNERS_BROKER_PORT": str(free_port()),
    }  # fmt: skip
    return {**where, **QUIET}


def prepare(place: Place, environment: Mapping[str, str]) -> None:
    """A new database with the workflow, published."""
    drawn = place.data / "workflow.json"
    drawn.write_bytes(orjson.dumps(workflow(place.provider)))
    with (place.data / LOG).open("ab") as log:
        for arguments in (
            ("import:workflow", f"--input={drawn}"),
            ("publish:workflow", f"--id={WORKFLOW}"),
        ):
            command = place.command("n8n", *arguments)
            subprocess.run(command, env=environment, stdout=log, stderr=log, check=True)


def finished(place: Place) -> int:
    """Executions that are stored as successful."""
    book = f"file:{place.data}/.n8n/database.sqlite?mode=ro"
    with closing(sqlite3.connect(book, uri=True, timeout=30)) as database:
        told = database.execute("SELECT count(*) FROM execution_entity WHERE status = 'success'")
        return int(told.fetchone()[0])


def workflow(provider: int) -> dict[str, Any]:
    """Webhook (answered at once), condition, text and call, as its editor writes them."""
    chain = ["Webhook", "If", "Text", "Call"]
    return {
        "id": WORKFLOW, "name": "Bench", "active": False, "settings": {"executionOrder": "v1"},
        "nodes": [
            _node("Webhook", "webhook", 2.1, {
                "httpMethod": "POST", "path": "orders", "responseMode": "onReceived", "options": {},
            }) | {"webhookId": "0b5f7c1e-5d0e-4c53-9c9f-3f1f6f1f7a10"},
            _node("If", "if", 2.2, _condition()),
            _node("Text", "set", 3.4, {"assignments": {"assignments": [{
                "id": "greeting", "name": "greeting", "type": "string",
                "value": "=Hi {{ $json.body.customer.first_name }},"
                " thanks for {{ $json.body.name }}",
            }]}, "options": {}}),
            _node("Call", "httpRequest", 4.2, {
                "method": "POST", "url": f"http://127.0.0.1:{provider}/",
                "sendBody": True, "specifyBody": "json", "options": {},
                "jsonBody": """={"order": "{{ $('Webhook').item.json.body.name }}","""
                """ "text": "{{ $json.greeting }}"}""",
            }),
        ],
        "connections": {
            name: {"main": [[{"node": then, "type": "main", "index": 0}]]}
            for name, then in pairwise(chain)
        },
    }  # fmt: skip


def _node(name: str, kind: str, version: float, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": f"node-{name}", "name": name, "type": f"n8n-nodes-base.{kind}",
        "typeVersion": version, "position": [0, 0], "parameters": parameters,
    }  # fmt: skip


def _condition() -> dict[str, Any]:
    """The total, which shops send as a text, above 100."""
    rule = {
        "id": "total", "leftValue": "={{ $json.body.total_price }}", "rightValue": 100,
        "operator": {"type": "number", "operation": "gt"},
    }  # fmt: skip
    how = {"caseSensitive": True, "leftValue": "", "typeValidation": "loose", "version": 2}
    rules = {"options": how, "conditions": [rule], "combinator": "and"}
    return {"conditions": rules, "looseTypeValidation": True, "options": {}}


N8N = Rival(
    "n8n@2.41.1", ("n8n", "start"), "/webhook/orders", settings, prepare, finished,
    orders=1_500, rate=20,
)  # fmt: skip
