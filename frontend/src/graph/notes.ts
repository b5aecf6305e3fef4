/** Notes that lie beside the steps: for people only, nothing that runs ever reads them. */
import { GRID, snapped, type Size } from "./geometry";
import { isObject, type Graph, type Json, type Position } from "./values";

export const NOTE_COLORS = ["yellow", "green", "blue", "pink", "grey"] as const;
export type NoteColor = (typeof NOTE_COLORS)[number];

export interface GraphNote extends Size {
  readonly id: string;
  /** Simple markdown. */
  readonly text: string;
  readonly color: NoteColor;
  readonly position: Position;
}

/** The server keeps no more and no longer ones. */
export const MAXIMUM_NOTES = 100;
export const LONGEST_NOTE = 5_000;

export const NOTE_SIZE: Size = { width: 15 * GRID, height: 10 * GRID };
const SMALLEST: Size = { width: 8 * GRID, height: 4 * GRID };
const LARGEST: Size = { width: 80 * GRID, height: 80 * GRID };

export const notesOf = (graph: Graph): readonly GraphNote[] => graph.notes ?? [];

export function noteSize({ width, height }: Size): Size {
  const fitted = (wanted: number, least: number, most: number): number =>
    Math.min(most, Math.max(least, Math.round(wanted / GRID) * GRID));
  return {
    width: fitted(width, SMALLEST.width, LARGEST.width),
    height: fitted(height, SMALLEST.height, LARGEST.height),
  };
}

/** `null` for what is no note. */
export function readNote(value: Json): GraphNote | null {
  if (!isObject(value) || typeof value.id !== "string" || typeof value.text !== "string") {
    return null;
  }
  const { id, text, color, position, width, height } = value;
  const place = isObject(position) ? position : {};
  const asked = {
    width: numberOr(width, NOTE_SIZE.width),
    height: numberOr(height, NOTE_SIZE.height),
  };
  return {
    id,
    text: text.slice(0, LONGEST_NOTE),
    color: NOTE_COLORS.find((known) => known === color) ?? "yellow",
    position: snapped({ x: numberOr(place.x, 0), y: numberOr(place.y, 0) }),
    ...noteSize(asked),
  };
}

function numberOr(value: Json | undefined, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}
