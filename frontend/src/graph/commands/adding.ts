/** Commands that bring new steps onto the canvas. */
import { type Catalog } from "../catalog";
import { COLUMN } from "../geometry";
import { freePlace, placeAfter } from "../placing";
import { downstream, mainOutput } from "../queries";
import { type Sketch } from "../sketch";
import { INPUT_PORT, type GraphEdge, type GraphNode, type Position } from "../values";
import { type CommandOf } from "./command";

/** Where the output already leads somewhere, the new step becomes a second branch beside it. */
export function addAfter(sketch: Sketch, catalog: Catalog, command: CommandOf<"addAfter">): void {
  const { source, sourceHandle } = command.after;
  const before = sketch.node(source);
  if (before === undefined) {
    sketch.insertNodes([command.node]);
    return;
  }
  const position =
    command.place ?? placeAfter(sketch.graph, catalog, before, sourceHandle, command.node);
  sketch.insertNodes([{ ...command.node, position }]);
  if (catalog.isTrigger(command.node.type)) return;
  sketch.connect({ source, sourceHandle, target: command.node.id, targetHandle: INPUT_PORT });
}

export function insertOnEdge(
  sketch: Sketch,
  catalog: Catalog,
  command: CommandOf<"insertOnEdge">,
): void {
  const edge = sketch.edge(command.edgeId);
  if (edge === undefined) return;
  const place = command.place ?? makeRoom(sketch, catalog, edge, command.node);
  sketch.insertNodes([{ ...command.node, position: place }]);
  threadThrough(sketch, catalog, edge, command.node.id);
}

/** Puts a step that is on the canvas already, but connected to nothing, into an edge. */
export function spliceNode(
  sketch: Sketch,
  catalog: Catalog,
  command: CommandOf<"spliceNode">,
): void {
  const edge = sketch.edge(command.edgeId);
  if (edge === undefined || !isLoose(sketch, catalog, command.nodeId)) return;
  sketch.mapNodes((node) =>
    node.id === command.nodeId ? { ...node, position: command.place } : node,
  );
  threadThrough(sketch, catalog, edge, command.nodeId);
}

function isLoose(sketch: Sketch, catalog: Catalog, nodeId: string): boolean {
  const node = sketch.node(nodeId);
  if (node === undefined || catalog.isTrigger(node.type)) return false;
  return !sketch.graph.edges.some((edge) => edge.source === nodeId || edge.target === nodeId);
}

/** The old edge ends in the step; the step's first open output goes on to where the edge went. */
function threadThrough(sketch: Sketch, catalog: Catalog, edge: GraphEdge, nodeId: string): void {
  const node = sketch.node(nodeId);
  if (node === undefined) return;
  sketch.mapEdges((other) =>
    other.id === edge.id ? { ...other, target: nodeId, targetHandle: INPUT_PORT } : other,
  );
  const handle = mainOutput(sketch.graph, node, catalog.get(node.type));
  if (handle === null) return;
  sketch.connect({
    source: nodeId,
    sourceHandle: handle,
    target: edge.target,
    targetHandle: edge.targetHandle,
  });
}

/** The new step stands one column after the source; where that is too near, all that follows moves. */
function makeRoom(
  sketch: Sketch,
  catalog: Catalog,
  edge: GraphEdge,
  newcomer: GraphNode,
): Position {
  const source = sketch.node(edge.source);
  const target = sketch.node(edge.target);
  if (source === undefined || target === undefined) return newcomer.position;
  const gap = target.position.x - source.position.x;
  if (gap > 0 && gap < 2 * COLUMN) shiftRight(sketch, edge.target, 2 * COLUMN - gap);
  const wanted = { x: source.position.x + COLUMN, y: target.position.y };
  return freePlace(sketch.graph, catalog, newcomer, wanted);
}

function shiftRight(sketch: Sketch, fromId: string, distance: number): void {
  const moved = new Set([fromId, ...downstream(sketch.graph, fromId)]);
  sketch.mapNodes((node) =>
    moved.has(node.id)
      ? { ...node, position: { x: node.position.x + distance, y: node.position.y } }
      : node,
  );
}
