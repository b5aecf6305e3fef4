"""How long checking a graph takes. Run: uv run python benchmarks/validation.py"""

import time
from typing import Any

from cartwheel.catalog.registry import load_registry
from cartwheel.connections.choosing import PublicConnection
from cartwheel.workflows.validation import check_graph

SANDBOX = PublicConnection("sandbox", "sandbox", "Sandbox", {}, "ok", is_default=False)


def chain(steps: int) -> dict[str, Any]:
    """A new order, then so many messages, each with three variables and one of the step before."""
    text = "Hi {{ customer.first_name | default: 'you' }}, {{ order.name }}: {{ order.total }}"
    nodes: list[dict[str, Any]] = [{"id": "n0", "type": "trigger.order_created@1"}]
    for number in range(1, steps):
        before = f" {{{{ steps.n{number - 1}.message_id }}}}" if number > 1 else ""
        config = {"to": "{{ customer.phone }}", "text": f"{text}{before}"}
        nodes.append({"id": f"n{number}", "type": "action.send_whatsapp@1", "config": config})
    edges = [{"source": f"n{number - 1}", "target": f"n{number}"} for number in range(1, steps)]
    return {"nodes": nodes, "edges": edges}


def measure(steps: int) -> None:
    """Prints the first check, which compiles texts, and the second one."""
    graph, registry = chain(steps), load_registry()
    for round_ in ("first", "again"):
        begun = time.process_time()
        problems = check_graph(graph, registry, (SANDBOX,))
        milliseconds = (time.process_time() - begun) * 1000
        codes = sorted({problem.code.value for problem in problems})
        print(f"{steps:>6,} steps, {round_}: {milliseconds:7.1f} ms, {len(problems):,} {codes}")


if __name__ == "__main__":
    for size in (5, 50, 200, 1_000, 10_000):
        measure(size)
