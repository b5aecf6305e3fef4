/** What follows from the graph and the problems, worked out once for each value of theirs. */
import type { Problem } from "@/api/types";
import type { GraphEdge, GraphNode } from "@/graph/values";

export function remembered<Key extends object, Value>(
  work: (key: Key) => Value,
): (key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = work(key);
    known.set(key, made);
    return made;
  };
}

export const stepsById = remembered(
  (nodes: readonly GraphNode[]): ReadonlyMap<string, GraphNode> =>
    new Map(nodes.map((node) => [node.id, node])),
);

export const outputKey = (nodeId: string, port: string): string => `${nodeId}\n${port}`;

/** The outputs that an edge leaves. */
export const usedOutputs = remembered(
  (edges: readonly GraphEdge[]): ReadonlySet<string> =>
    new Set(edges.map((edge) => outputKey(edge.source, edge.sourceHandle))),
);

export interface ProblemCount {
  readonly errors: number;
  readonly warnings: number;
}

export const problemCounts = remembered(
  (problems: readonly Problem[]): ReadonlyMap<string, ProblemCount> => {
    const counts = new Map<string, ProblemCount>();
    for (const { node_id: nodeId, severity } of problems) {
      if (nodeId === null) continue;
      const { errors, warnings } = counts.get(nodeId) ?? { errors: 0, warnings: 0 };
      counts.set(
        nodeId,
        severity === "error"
          ? { errors: errors + 1, warnings }
          : { errors, warnings: warnings + 1 },
      );
    }
    return counts;
  },
);
