/** Turns JSON from outside (clipboard, browser storage, a file) into a graph, or refuses it. */
import { snapped } from "./geometry";
import { type GraphNote, MAXIMUM_NOTES, readNote } from "./notes";
import { isObject, type Graph, type GraphEdge, type GraphNode, type Json } from "./values";

/** `null` for what is not a graph. Steps of unknown types are kept. */
export function readGraphJson(value: unknown): Graph | null {
  if (!isObject(value)) return null;
  const nodes = readList(value.nodes, readNode);
  const edges = readList(value.edges ?? [], readEdge);
  if (nodes === null || edges === null) return null;
  const settings = isObject(value.settings) ? value.settings : {};
  const notes = readNotes(value.notes);
  return { schema: 1, nodes, edges, settings, ...(notes.length === 0 ? {} : { notes }) };
}

/** What is no note is left out: a note is never worth refusing a workflow for. */
function readNotes(value: Json | undefined): readonly GraphNote[] {
  if (!Array.isArray(value)) return [];
  const notes = (value as readonly Json[]).map(readNote);
  return notes.filter((note) => note !== null).slice(0, MAXIMUM_NOTES);
}

function readList<Item>(value: Json | undefined, read: (item: Json) => Item | null): Item[] | null {
  if (!Array.isArray(value)) return null;
  const items = (value as readonly Json[]).map(read);
  return items.every((item) => item !== null) ? items : null;
}

function readNode(value: Json): GraphNode | null {
  if (!isObject(value) || typeof value.id !== "string" || typeof value.type !== "string") {
    return null;
  }
  const { id, type, config, position, label, description, disabled } = value;
  return {
    id,
    type,
    config: isObject(config) ? config : {},
    position: snapped(readPosition(position)),
    ...(typeof label === "string" && label !== "" ? { label } : {}),
    ...(typeof description === "string" && description !== "" ? { description } : {}),
    ...(disabled === true ? { disabled } : {}),
  };
}

function readPosition(value: Json | undefined): { x: number; y: number } {
  if (!isObject(value)) return { x: 0, y: 0 };
  const { x, y } = value;
  return { x: finite(x), y: finite(y) };
}

function finite(value: Json | undefined): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

function readEdge(value: Json): GraphEdge | null {
  if (!isObject(value)) return null;
  const { id, source, sourceHandle, target, targetHandle } = value;
  if (typeof source !== "string" || typeof target !== "string") return null;
  return {
    id: typeof id === "string" ? id : `${source}-${target}`,
    source,
    sourceHandle: typeof sourceHandle === "string" ? sourceHandle : "done",
    target,
    targetHandle: typeof targetHandle === "string" ? targetHandle : "in",
  };
}
