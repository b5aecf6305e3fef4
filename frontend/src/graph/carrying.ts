/** What a step keeps of its settings when another type takes its place. */
import { defaultConfig, type NodeType, type Schema } from "./catalog";
import { isObject, type Config, type Json } from "./values";

/** The new type's defaults, and every old setting of a field that both have and that fits. */
export function carriedConfig(old: Config, type: NodeType): Config {
  const { properties } = type.config_schema;
  if (!isObject(properties)) return defaultConfig(type);
  const kept = Object.entries(old).filter(([name, value]) => {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return isObject(schema) && fits(schema, value);
  });
  return { ...defaultConfig(type), ...Object.fromEntries(kept) };
}

/** A connection belongs to one app, so it is chosen anew. */
function fits(schema: Schema, value: Json): boolean {
  if (schema["x-widget"] === "connection") return false;
  if (Array.isArray(schema.enum)) return (schema.enum as readonly Json[]).includes(value);
  const types = [schema.type ?? []].flat() as readonly Json[];
  return types.length === 0 || types.some((type) => isOfType(value, type));
}

function isOfType(value: Json, type: Json): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isObject(value);
  if (type === "integer" || type === "number") return typeof value === "number";
  return type === "null" ? value === null : typeof value === type;
}
