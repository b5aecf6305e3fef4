/** From a command to the exact changes that it makes to one graph. */
import { type Catalog } from "../catalog";
import { type Change } from "../changes";
import { Sketch } from "../sketch";
import { type Graph } from "../values";
import { addAfter, insertOnEdge, spliceNode } from "./adding";
import { type Command, type CommandOf } from "./command";
import {
  changeNote,
  deleteSelection,
  describe,
  moveNodes,
  paste,
  rename,
  replaceType,
  restore,
  setConfig,
  setPin,
  tidy,
  toggleDisabled,
} from "./editing";
import { connect, disconnect, reconnect } from "./wiring";

type Planner<Kind extends Command["kind"]> = (
  sketch: Sketch,
  catalog: Catalog,
  command: CommandOf<Kind>,
) => void;

const PLANNERS: { readonly [Kind in Command["kind"]]: Planner<Kind> } = {
  addNode: (sketch, _catalog, command) => sketch.insertNodes([command.node]),
  addAfter,
  insertOnEdge,
  spliceNode,
  connect,
  reconnect,
  disconnect: (sketch, _catalog, command) => disconnect(sketch, command),
  delete: (sketch, _catalog, command) => deleteSelection(sketch, command),
  moveNodes: (sketch, _catalog, command) => moveNodes(sketch, command.places),
  setConfig,
  rename: (sketch, _catalog, command) => rename(sketch, command),
  describe: (sketch, _catalog, command) => describe(sketch, command),
  addNote: (sketch, _catalog, command) => sketch.insertNotes([command.note]),
  changeNote: (sketch, _catalog, command) => changeNote(sketch, command),
  setPin: (sketch, _catalog, command) => setPin(sketch, command.nodeId, command.pin),
  toggleDisabled: (sketch, _catalog, command) => toggleDisabled(sketch, command),
  paste: (sketch, _catalog, command) => paste(sketch, command),
  replaceType,
  setSettings: (sketch, _catalog, command) => sketch.setSettings(command.settings),
  restore: (sketch, _catalog, command) => restore(sketch, command.graph),
  tidy: (sketch, catalog) => tidy(sketch, catalog),
};

/** No changes where the command has nothing to do, such as for a step that is gone. */
export function planCommand(graph: Graph, catalog: Catalog, command: Command): readonly Change[] {
  const sketch = new Sketch(graph);
  const planner = PLANNERS[command.kind] as Planner<Command["kind"]>;
  planner(sketch, catalog, command);
  return sketch.changes;
}
