/** What somebody wants to import, before the server judges it. */
export type Reading = { document: unknown } | { fault: ReadingFault; count?: number };
export type ReadingFault = "empty" | "notJson" | "tooManySteps" | "tooLarge";

export const MOST_STEPS = 1_000;
const LARGEST_BYTES = 20_000_000;

/** Reads a text as JSON. What is too large for any server is refused before it travels there. */
export function readImport(text: string): Reading {
  if (text.trim() === "") return { fault: "empty" };
  if (text.length > LARGEST_BYTES) return { fault: "tooLarge" };
  const document = parsed(text);
  if (document === undefined) return { fault: "notJson" };
  const count = stepsOf(document);
  return count > MOST_STEPS ? { fault: "tooManySteps", count } : { document };
}

/** Whether a pasted text looks as if somebody meant it to become a workflow. */
export function looksLikeWorkflow(text: string): boolean {
  return text.trimStart().startsWith("{") && text.includes('"nodes"');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function stepsOf(document: unknown): number {
  const graph = memberOf(document, "graph") ?? document;
  const nodes = memberOf(graph, "nodes");
  return Array.isArray(nodes) ? nodes.length : 0;
}

function memberOf(thing: unknown, name: string): unknown {
  return typeof thing === "object" && thing !== null
    ? (thing as Record<string, unknown>)[name]
    : undefined;
}
