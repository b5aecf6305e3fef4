/** What else could have come of a step in a test: it is played again as if it had left that way. */
import type { Catalog, Port } from "@/graph/catalog";
import { withPin } from "@/graph/pins";
import { nodeById, outgoing, portsOf } from "@/graph/queries";
import { BODY_PORT, ERROR_PORT, type Graph } from "@/graph/values";

/** By step, the output that it leaves by in the test, whatever it would have given. */
export type Ways = Readonly<Record<string, string>>;

export interface Choice {
  readonly nodeId: string;
  readonly name: string;
  readonly ports: readonly Port[];
}

/** Of a test's steps those that people or time decide, and those whose failure is provided for; what
 * conditions decide follows from the data. */
export function choicesOf(
  graph: Graph,
  catalog: Catalog,
  ran: readonly { node_id: string }[],
): readonly Choice[] {
  return [...new Set(ran.map((step) => step.node_id))].flatMap((nodeId) => {
    const node = nodeById(graph, nodeId);
    const type = node && catalog.get(node.type);
    if (!node || !type || type.category === "condition") return [];
    const drawn = new Set(outgoing(graph, nodeId).map((edge) => edge.sourceHandle));
    const ports = portsOf(graph, node, type).filter(
      ({ id }) => id !== BODY_PORT && (id !== ERROR_PORT || drawn.has(id)),
    );
    return ports.length < 2 ? [] : [{ nodeId, name: node.label ?? type.label, ports }];
  });
}

/** The graph in which these steps leave as wanted, with what their node type's sample gives there. */
export function goingBy(graph: Graph, catalog: Catalog, ways: Ways): Graph {
  return Object.entries(ways).reduce((changed, [nodeId, port]) => {
    const type = catalog.get(nodeById(graph, nodeId)?.type ?? "");
    const output = type?.samples.find((sample) => sample.port === port)?.output ?? {};
    return { ...changed, settings: withPin(changed.settings, nodeId, { port, output }) };
  }, graph);
}
