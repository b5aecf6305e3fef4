/** Sizes on the canvas, in pixels. Cards have fixed sizes, so that nothing is measured at load. */
import { type Port } from "./catalog";
import { ERROR_PORT, MAIN_PORT, type Position } from "./values";

export const GRID = 16;
export const CARD_WIDTH = 256;
export const HEADER_HEIGHT = 72;
export const PORT_ROW_HEIGHT = 28;
const ROWS_PADDING = 8;

/** From the left side of one card to the left side of the next one. */
export const COLUMN = 368;
export const ROW_GAP = 48;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Ports with a named row of their own. The ordinary way on leaves from the head of the card, unless
 * there is another one besides errors: then nobody could tell which is which. */
export function portRows(ports: readonly Port[]): readonly Port[] {
  const others = ports.filter((port) => port.id !== MAIN_PORT);
  return others.some((port) => port.id !== ERROR_PORT) ? ports : others;
}

export function cardSize(ports: readonly Port[]): Size {
  const rows = portRows(ports).length;
  const padding = rows === 0 ? 0 : ROWS_PADDING;
  return { width: CARD_WIDTH, height: HEADER_HEIGHT + rows * PORT_ROW_HEIGHT + padding };
}

/** Where a port stands, measured from the top of its card. */
export function portHeight(ports: readonly Port[], portId: string): number {
  const row = portRows(ports).findIndex((port) => port.id === portId);
  return row === -1 ? HEADER_HEIGHT / 2 : HEADER_HEIGHT + (row + 0.5) * PORT_ROW_HEIGHT;
}

export function snapped(position: Position): Position {
  return { x: Math.round(position.x / GRID) * GRID, y: Math.round(position.y / GRID) * GRID };
}

export interface Box extends Position, Size {}

export function overlaps(box: Box, other: Box, margin = 0): boolean {
  return (
    box.x < other.x + other.width + margin &&
    other.x < box.x + box.width + margin &&
    box.y < other.y + other.height + margin &&
    other.y < box.y + box.height + margin
  );
}
