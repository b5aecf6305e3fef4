/**
 * Pinned outputs: what a test takes as a step's result instead of performing it. They stand in the
 * workflow's settings, and real runs never look at them.
 */
import { isObject, without, type GraphSettings, type Json } from "./values";

export interface Pin {
  /** The output that the step leaves by. */
  readonly port: string;
  readonly output: Json;
}

const KEY = "pins";

/** The server keeps settings of about 260,000 characters; pins leave room for each other. */
const LARGEST_PIN = 40_000;

export function pinOf(settings: GraphSettings, nodeId: string): Pin | null {
  const pins = settings[KEY];
  const pin = isObject(pins) && Object.hasOwn(pins, nodeId) ? pins[nodeId] : undefined;
  if (!isObject(pin) || typeof pin.port !== "string") return null;
  return { port: pin.port, output: pin.output ?? null };
}

export function withPin(settings: GraphSettings, nodeId: string, pin: Pin): GraphSettings {
  const pins = isObject(settings[KEY]) ? settings[KEY] : {};
  return { ...settings, [KEY]: { ...pins, [nodeId]: { port: pin.port, output: pin.output } } };
}

/** The same settings where none of the steps was pinned. */
export function withoutPins(settings: GraphSettings, nodeIds: ReadonlySet<string>): GraphSettings {
  const pins = settings[KEY];
  if (!isObject(pins) || !Object.keys(pins).some((id) => nodeIds.has(id))) return settings;
  const rest = Object.entries(pins).filter(([id]) => !nodeIds.has(id));
  const others = without(settings, KEY);
  return rest.length === 0 ? others : { ...others, [KEY]: Object.fromEntries(rest) };
}

export function isPinnable({ output }: Pin): boolean {
  return JSON.stringify(output).length <= LARGEST_PIN;
}
