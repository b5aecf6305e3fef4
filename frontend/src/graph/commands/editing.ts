/** Commands that change steps where they stand, and those that take them away or bring copies. */
import { type Catalog } from "../catalog";
import { layout } from "../layout";
import { placesBeside } from "../layout/beside";
import { notesOf } from "../notes";
import { type Pin, withoutPins, withPin } from "../pins";
import { idsOf, mainOutput, portsOf } from "../queries";
import { type Sketch } from "../sketch";
import { type Graph, type GraphNode, type Position, without } from "../values";
import { type CommandOf } from "./command";

/** Edges that hang on a deleted step go with it, in the same change, and so does its pin. */
export function deleteSelection(sketch: Sketch, command: CommandOf<"delete">): void {
  const nodes = new Set(command.nodeIds);
  const edges = new Set(command.edgeIds);
  sketch.removeEdges(
    (edge) => edges.has(edge.id) || nodes.has(edge.source) || nodes.has(edge.target),
  );
  sketch.removeNodes(nodes);
  sketch.removeNotes(nodes);
  forgetPins(sketch, nodes);
}

function forgetPins(sketch: Sketch, nodeIds: ReadonlySet<string>): void {
  const { settings } = sketch.graph;
  const rest = withoutPins(settings, nodeIds);
  if (rest !== settings) sketch.setSettings(rest);
}

export function moveNodes(sketch: Sketch, places: ReadonlyMap<string, Position>): void {
  sketch.mapNodes((node) => placed(node, places));
  sketch.mapNotes((note) => placed(note, places));
}

function placed<Item extends { readonly id: string; readonly position: Position }>(
  item: Item,
  places: ReadonlyMap<string, Position>,
): Item {
  const place = places.get(item.id);
  if (place === undefined) return item;
  const { x, y } = item.position;
  return place.x === x && place.y === y ? item : { ...item, position: place };
}

export function changeNote(sketch: Sketch, command: CommandOf<"changeNote">): void {
  const wanted = Object.entries(command.change);
  sketch.mapNotes((note) => {
    const isSame = wanted.every(([key, value]) => note[key as keyof typeof note] === value);
    return note.id !== command.noteId || isSame ? note : { ...note, ...command.change };
  });
}

/** Edges on outputs that the new config no longer lists (a removed case) are cut. */
export function setConfig(sketch: Sketch, catalog: Catalog, command: CommandOf<"setConfig">): void {
  changeNode(sketch, command.nodeId, (node) => ({ ...node, config: command.config }));
  cutLostPorts(sketch, catalog, command.nodeId);
}

/** An empty label gives the step its type's own name back. */
export function rename(sketch: Sketch, command: CommandOf<"rename">): void {
  const label = command.label.trim();
  changeNode(sketch, command.nodeId, (node) =>
    label === "" ? without(node, "label") : { ...node, label },
  );
}

/** An empty description is none. */
export function describe(sketch: Sketch, command: CommandOf<"describe">): void {
  const { nodeId, description } = command;
  changeNode(sketch, nodeId, (node) => {
    if (description === (node.description ?? "")) return node;
    return description === "" ? without(node, "description") : { ...node, description };
  });
}

/** What tests take as the step's output instead of performing it; `null` lets it go. */
export function setPin(sketch: Sketch, nodeId: string, pin: Pin | null): void {
  if (sketch.node(nodeId) === undefined) return;
  if (pin === null) forgetPins(sketch, new Set([nodeId]));
  else sketch.setSettings(withPin(sketch.graph.settings, nodeId, pin));
}

/** All on, or all off: a mixed selection is switched off first. */
export function toggleDisabled(sketch: Sketch, command: CommandOf<"toggleDisabled">): void {
  const chosen = new Set(command.nodeIds);
  const nodes = sketch.graph.nodes.filter((node) => chosen.has(node.id));
  const enable = nodes.every((node) => node.disabled === true);
  sketch.mapNodes((node) => {
    if (!chosen.has(node.id) || (node.disabled === true) !== enable) return node;
    return enable ? without(node, "disabled") : { ...node, disabled: true };
  });
}

/**
 * Another type in the same place. Edges stay where the new type has the same port; the ordinary way
 * on stays the ordinary way on, whatever its port is called.
 */
export function replaceType(
  sketch: Sketch,
  catalog: Catalog,
  command: CommandOf<"replaceType">,
): void {
  const { nodeId, type, config } = command;
  const wayOn = mainPort(sketch, catalog, nodeId);
  changeNode(sketch, nodeId, (node) => ({ ...without(node, "label"), type, config }));
  forgetPins(sketch, new Set([nodeId]));
  keepWayOn(sketch, nodeId, wayOn, mainPort(sketch, catalog, nodeId));
  cutLostPorts(sketch, catalog, nodeId);
  if (catalog.isTrigger(type)) sketch.removeEdges((edge) => edge.target === nodeId);
}

function mainPort(sketch: Sketch, catalog: Catalog, nodeId: string): string | null {
  const node = sketch.node(nodeId);
  return node ? mainOutput(sketch.graph, node, catalog.get(node.type)) : null;
}

function keepWayOn(sketch: Sketch, nodeId: string, from: string | null, to: string | null): void {
  if (from === null || to === null || from === to) return;
  sketch.mapEdges((edge) =>
    edge.source === nodeId && edge.sourceHandle === from ? { ...edge, sourceHandle: to } : edge,
  );
}

export function paste(sketch: Sketch, command: CommandOf<"paste">): void {
  sketch.insertNodes(command.nodes);
  sketch.insertEdges(command.edges);
  sketch.insertNotes(command.notes);
}

/** Notes stay beside the steps that they lie at. */
export function tidy(sketch: Sketch, catalog: Catalog): void {
  const places = layout(sketch.graph, catalog);
  const beside = placesBeside(sketch.graph, catalog, places);
  moveNodes(sketch, new Map([...places, ...beside]));
}

function changeNode(sketch: Sketch, nodeId: string, change: (node: GraphNode) => GraphNode): void {
  sketch.mapNodes((node) => (node.id === nodeId ? change(node) : node));
}

function cutLostPorts(sketch: Sketch, catalog: Catalog, nodeId: string): void {
  const node = sketch.node(nodeId);
  const type = node && catalog.get(node.type);
  if (!node || !type) return;
  const ports = new Set(portsOf(sketch.graph, node, type).map((port) => port.id));
  sketch.removeEdges((edge) => edge.source === nodeId && !ports.has(edge.sourceHandle));
}

/** Everything at once, places, notes and settings too. */
export function restore(sketch: Sketch, graph: Graph): void {
  sketch.removeEdges(() => true);
  sketch.removeNodes(idsOf(sketch.graph.nodes));
  sketch.removeNotes(idsOf(notesOf(sketch.graph)));
  sketch.insertNodes(graph.nodes);
  sketch.insertEdges(graph.edges);
  sketch.insertNotes(notesOf(graph));
  sketch.setSettings(graph.settings);
}
