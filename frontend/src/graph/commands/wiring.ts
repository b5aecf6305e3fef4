/** Commands about edges. */
import { type Catalog } from "../catalog";
import { refusal } from "../connecting";
import { type Sketch } from "../sketch";
import { type CommandOf } from "./command";

/** Leaves out what may not be connected, so that a stale wish cannot make a cycle. */
export function connect(sketch: Sketch, catalog: Catalog, command: CommandOf<"connect">): void {
  for (const connection of command.connections) {
    if (refusal(sketch.graph, catalog, connection) === null) sketch.connect(connection);
  }
}

export function reconnect(sketch: Sketch, catalog: Catalog, command: CommandOf<"reconnect">): void {
  const edge = sketch.edge(command.edgeId);
  if (edge === undefined) return;
  const others = { ...sketch.graph, edges: sketch.graph.edges.filter((other) => other !== edge) };
  if (refusal(others, catalog, command.connection) !== null) return;
  sketch.mapEdges((other) => (other === edge ? { id: edge.id, ...command.connection } : other));
}

export function disconnect(sketch: Sketch, command: CommandOf<"disconnect">): void {
  const gone = new Set(command.edgeIds);
  sketch.removeEdges((edge) => gone.has(edge.id));
}
