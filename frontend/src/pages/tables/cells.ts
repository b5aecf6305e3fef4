import type { Column } from "@/api/tables";
import type { Json } from "@/api/types";

/** A moment in the shop's own time, as a form field takes it: 2026-11-22T09:30. */
export function localMoment(moment: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  return parts.format(new Date(moment)).replace(" ", "T");
}

/** A cell as text for its field in the form. */
export function fieldText(column: Column, value: Json | undefined, timeZone: string): string {
  if (value === null || value === undefined) return "";
  if (column.type === "yes_no") return value === true ? "yes" : "no";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return column.type === "date_time" ? localMoment(text, timeZone) : text;
}

export const isNumeric = (column: Column): boolean =>
  column.type === "number" || column.type === "money";
