/** Drawing a wire with the keys: C begins, arrows choose the target, Enter draws, Escape gives up. */
import { targetsFor } from "@/graph/connecting";
import { nodeById, openPorts, portsOf } from "@/graph/queries";
import { ERROR_PORT, type Graph, type GraphNode, INPUT_PORT } from "@/graph/values";

import { type EditorState, type EditorStore, type KeyWire, perform } from "../store/editorStore";

/** False where the step has no output, or no step can come after it. */
export function beginWire(store: EditorStore, nodeId: string): boolean {
  const state = store.getState();
  const node = nodeById(state.graph, nodeId);
  const handle = node && firstOutput(state, node);
  return handle !== undefined && show(store, nodeId, handle);
}

function firstOutput({ graph, catalog }: EditorState, node: GraphNode): string | undefined {
  const type = catalog.get(node.type);
  const open = openPorts(graph, node, type).find((port) => port.id !== ERROR_PORT);
  return (open ?? portsOf(graph, node, type)[0])?.id;
}

function show(store: EditorStore, source: string, sourceHandle: string): boolean {
  const { graph, catalog } = store.getState();
  const targets = targetsFor(graph, catalog, source, sourceHandle);
  const candidates = nearestFirst(
    graph,
    source,
    graph.nodes.filter((node) => targets.get(node.id) === null),
  );
  if (candidates.length === 0) return false;
  const keyWire: KeyWire = { source, sourceHandle, candidates, chosen: 0 };
  store.setState({ keyWire, targets, picker: null, menu: null });
  return true;
}

/** What lies to the right comes first: that is where a line usually goes. */
function nearestFirst(graph: Graph, from: string, nodes: readonly GraphNode[]): string[] {
  const origin = nodeById(graph, from)?.position ?? { x: 0, y: 0 };
  const distance = ({ position }: GraphNode): number => {
    const x = position.x - origin.x;
    return Math.hypot(x, position.y - origin.y) * (x > 0 ? 1 : 3);
  };
  return [...nodes].sort((one, other) => distance(one) - distance(other)).map(({ id }) => id);
}

export function chooseTarget(store: EditorStore, by: 1 | -1): void {
  const { keyWire } = store.getState();
  if (keyWire === null) return;
  const { length } = keyWire.candidates;
  const chosen = (keyWire.chosen + by + length) % length;
  store.setState({ keyWire: { ...keyWire, chosen } });
}

/** Goes on to the next output of the step from which something can be reached. */
export function chooseOutput(store: EditorStore): void {
  const { keyWire, graph, catalog } = store.getState();
  const node = keyWire && nodeById(graph, keyWire.source);
  if (!keyWire || !node) return;
  const ports = portsOf(graph, node, catalog.get(node.type)).map((port) => port.id);
  const at = ports.indexOf(keyWire.sourceHandle);
  const others = [...ports.slice(at + 1), ...ports.slice(0, at)];
  others.some((port) => show(store, keyWire.source, port));
}

/** Draws the wire; gives the step that it leads to. */
export function finishWire(store: EditorStore): string | null {
  const { keyWire } = store.getState();
  const target = keyWire?.candidates[keyWire.chosen];
  cancelWire(store);
  if (!keyWire || target === undefined) return null;
  const { source, sourceHandle } = keyWire;
  const connection = { source, sourceHandle, target, targetHandle: INPUT_PORT };
  perform(store, { kind: "connect", connections: [connection] });
  return target;
}

export function cancelWire(store: EditorStore): void {
  store.setState({ keyWire: null, targets: null });
}
