import { defaultConfig, type NodeType } from "@/graph/catalog";
import type { Command, OutputPlace } from "@/graph/commands/command";
import { placeAtEnd } from "@/graph/placing";
import { carriedConfig } from "@/graph/carrying";
import { freeNodeId, looseEnds, mainOutput, nodeById, openPorts, takenIds } from "@/graph/queries";
import { ERROR_PORT, type Graph, type GraphNode, type Position } from "@/graph/values";

import { rememberType } from "./palette/recentTypes";
import {
  type EditorState,
  type EditorStore,
  openPanel,
  perform,
  type PickerTask,
} from "./store/editorStore";

function newStep(graph: Graph, type: NodeType, position: Position): GraphNode {
  const id = freeNodeId(takenIds(graph), type.ref);
  return { id, type: type.ref, config: defaultConfig(type), position };
}

/** Puts a step of the type where the picker was asked for one, and opens its panel. */
export function addStep(store: EditorStore, type: NodeType, task: PickerTask): void {
  const node = newStep(store.getState().graph, type, { x: 0, y: 0 });
  const command = commandFor(store.getState(), node, { task, type });
  rememberType(type.type);
  perform(store, command);
  const id = command.kind === "replaceType" ? command.nodeId : node.id;
  store.setState((state) => ({ picker: null, freshNodes: new Set([...state.freshNodes, id]) }));
  openPanel(store, id);
}

interface Wish {
  readonly task: PickerTask;
  readonly type: NodeType;
}

function commandFor(state: EditorState, node: GraphNode, { task, type }: Wish): Command {
  switch (task.kind) {
    case "after":
      return { kind: "addAfter", node, after: task.output, ...placeOf(task) };
    case "edge":
      return { kind: "insertOnEdge", node, edgeId: task.edgeId, ...placeOf(task) };
    case "replace":
      return {
        kind: "replaceType",
        nodeId: task.nodeId,
        type: node.type,
        config: carriedConfig(nodeById(state.graph, task.nodeId)?.config ?? {}, type),
      };
    default:
      return freeCommand(state, node, task.kind === "free" ? task.place : undefined);
  }
}

function placeOf(task: { readonly place?: Position }): { readonly place?: Position } {
  return task.place === undefined ? {} : { place: task.place };
}

/** Without a wish for a place, the step goes after the selected one, or after the last. */
function freeCommand(state: EditorState, node: GraphNode, place: Position | undefined): Command {
  if (place !== undefined) return { kind: "addNode", node: { ...node, position: place } };
  const output = state.catalog.isTrigger(node.type) ? null : nextOutput(state);
  if (output !== null) return { kind: "addAfter", node, after: output };
  const position = placeAtEnd(state.graph, state.catalog, node);
  return { kind: "addNode", node: { ...node, position } };
}

/** The output that the palette adds to: of the chosen step, else of the only loose end. */
function nextOutput({ graph, catalog, selectedNodes }: EditorState): OutputPlace | null {
  const chosen = graph.nodes.filter((node) => selectedNodes.has(node.id)).at(-1);
  const ends = chosen ? [chosen] : looseEnds(graph, catalog);
  const node = ends.length === 1 ? ends[0] : undefined;
  if (node === undefined) return null;
  const type = catalog.get(node.type);
  const open = openPorts(graph, node, type).find((port) => port.id !== ERROR_PORT);
  const sourceHandle = open?.id ?? mainOutput(graph, node, type);
  return sourceHandle === null ? null : { source: node.id, sourceHandle };
}
