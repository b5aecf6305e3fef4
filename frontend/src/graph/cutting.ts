/** A workflow cut down to one step and what it needs, to try that step out alone. */
import { type Catalog } from "./catalog";
import { type Pin, withPin } from "./pins";
import { nodeById, outgoing, upstream } from "./queries";
import {
  INPUT_PORT,
  without,
  type Graph,
  type GraphEdge,
  type GraphNode,
  type GraphSettings,
} from "./values";

/**
 * The trigger, every step before this one with its output pinned, and the step itself, in one line:
 * whatever branches there are, the step is reached, and nothing before or after it is performed.
 * `null` where the step hangs on no trigger.
 */
export function cutToStep(
  graph: Graph,
  catalog: Catalog,
  nodeId: string,
  pinFor: (node: GraphNode) => Pin,
): Graph | null {
  const node = nodeById(graph, nodeId);
  const line = node && inOrder(graph, upstream(graph, nodeId));
  const trigger = line?.find(({ type }) => catalog.isTrigger(type));
  if (!node || !line || !trigger) return null;
  const between = line.filter(({ type }) => !catalog.isTrigger(type)).map(switchedOn);
  const pins = new Map(between.map((step) => [step.id, pinFor(step)]));
  const nodes = [switchedOn(trigger), ...between, switchedOn(node)];
  return { schema: 1, nodes, edges: threaded(nodes, pins), settings: pinned(graph, pins) };
}

/** A step that is switched off is passed over in runs, but it can be tried out. */
function switchedOn(node: GraphNode): GraphNode {
  return without(node, "disabled");
}

/** Each step after all that come before it. */
function inOrder(graph: Graph, ids: ReadonlySet<string>): readonly GraphNode[] {
  const done = new Set<string>();
  const line: GraphNode[] = [];
  const visit = (id: string): void => {
    if (done.has(id)) return;
    done.add(id);
    for (const edge of outgoing(graph, id)) if (ids.has(edge.target)) visit(edge.target);
    const node = nodeById(graph, id);
    if (node) line.unshift(node);
  };
  for (const id of ids) visit(id);
  return line;
}

function threaded(nodes: readonly GraphNode[], pins: ReadonlyMap<string, Pin>): GraphEdge[] {
  return nodes.slice(1).map(({ id }, index) => {
    const source = nodes[index]?.id ?? "";
    const sourceHandle = pins.get(source)?.port ?? "done";
    return {
      id: `cut-${String(index)}`,
      source,
      sourceHandle,
      target: id,
      targetHandle: INPUT_PORT,
    };
  });
}

function pinned({ settings }: Graph, pins: ReadonlyMap<string, Pin>): GraphSettings {
  let filled: GraphSettings = without(settings, "pins");
  for (const [id, pin] of pins) filled = withPin(filled, id, pin);
  return filled;
}
