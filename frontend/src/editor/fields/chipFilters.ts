/** Filters that only say how a value is written; a chip can stand for them in a small word. */
const SHOWN = ["capitalize", "date", "downcase", "money", "number", "round", "upcase"] as const;

export type ShownFilter = (typeof SHOWN)[number];

const FILTERED = /^(\{\{-?\s*[\w.]+)\s*\|\s*(\w+)(?::\s*"\w+")?\s*((?:\|\s*default:[^|]*)?-?\}\})$/;

/** The one such filter in a placeholder, and the placeholder without it; richer Liquid is code. */
export function filterIn(placeholder: string): { filter: ShownFilter; plain: string } | null {
  const [, start = "", name = "", rest = ""] = FILTERED.exec(placeholder) ?? [];
  const filter = SHOWN.find((one) => one === name);
  return filter ? { filter, plain: `${start} ${rest}` } : null;
}
