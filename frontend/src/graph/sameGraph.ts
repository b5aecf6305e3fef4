import { type Graph, isObject, type Json } from "./values";

/** Whether two graphs say the same, whatever the order of their keys. */
export function sameGraph(one: Graph, other: Graph): boolean {
  return sameJson(one as unknown as Json, other as unknown as Json);
}

/** The same for any value; `undefined` is nothing at all, and not `null`. */
export function sameJson(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    const others = other as readonly Json[];
    return (
      one.length === others.length &&
      (one as readonly Json[]).every((item, index) => sameJson(item, others[index]))
    );
  }
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && sameJson(one[key], other[key]))
  );
}
