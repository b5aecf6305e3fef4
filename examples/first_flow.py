"""A first flow through the API alone: create, test, switch on, post an order, read the outbox.

    export CARTWHEEL_TOKEN=$(uv run cartwheel token create --name example)
    uv run python examples/first_flow.py
"""

import os
import time

import httpx

NODES = [
    {"id": "new", "type": "trigger.order_created@1", "config": {}, "position": {"x": 0, "y": 0}},
    {"id": "tell", "type": "action.send_whatsapp@1", "position": {"x": 320, "y": 0},
     "config": {"to": "{{ customer.phone }}", "text": "Thank you, {{ customer.first_name }}!"}},
]  # fmt: skip
EDGE = {"source": "new", "sourceHandle": "done", "target": "tell", "targetHandle": "in"}
GRAPH = {"schema": 1, "nodes": NODES, "edges": [{"id": "e1", **EDGE}], "settings": {}}
ORDER = {"order": {"name": "#1042"}, "customer": {"first_name": "Anna", "phone": "+48600100200"}}

address = os.environ.get("CARTWHEEL_URL", "http://localhost:8400")
headers = {"Authorization": f"Bearer {os.environ['CARTWHEEL_TOKEN']}"}
with httpx.Client(base_url=f"{address}/api", headers=headers, timeout=60) as api:
    workflow = api.post("/workflows", json={"name": "Thank you", "graph": GRAPH}).json()["id"]
    event = {"type": "order_created", "data": ORDER}
    test = api.post(f"/workflows/{workflow}/simulate", json={"use": "draft", "event": event}).json()
    print("A test would send:", test["messages"][0]["text"])
    api.post(f"/workflows/{workflow}/activate", json={}).raise_for_status()
    api.post("/events", json=event).raise_for_status()
    while not (sent := api.get("/outbox", params={"workflow_id": workflow}).json()["items"]):
        time.sleep(0.2)
    print("In the outbox:", sent[0]["to"], sent[0]["text"])
