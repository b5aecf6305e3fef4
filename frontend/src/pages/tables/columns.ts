import type { Column, ColumnType, GivenColumn, SheetPreview } from "@/api/tables";

/** The kinds of columns, in the order in which they are offered. */
export const COLUMN_TYPES = [
  "text",
  "number",
  "money",
  "yes_no",
  "date",
  "date_time",
  "choice",
] as const satisfies readonly ColumnType[];

/** A column in the form; `id` tells the lines apart while their names are being written. */
export interface DraftColumn extends GivenColumn {
  id: number;
}

let made = 0;

export function draftOf(column: Partial<GivenColumn>): DraftColumn {
  made += 1;
  return { name: "", type: "text", choices: [], ...column, id: made };
}

export const draftsOf = (columns: readonly Column[]): DraftColumn[] =>
  columns.map(({ key, name, type, choices }) => draftOf({ key, name, type, choices }));

/** What the form holds, as the server wants it. */
export function givenOf(drafts: readonly DraftColumn[]): GivenColumn[] {
  return drafts.map(({ key, name, type, choices }) => ({
    ...(key === undefined ? {} : { key }),
    name: name.trim(),
    type,
    choices: type === "choice" ? choices : [],
  }));
}

/** Whether every column has a name of its own, and a choice something to choose. */
export function areComplete(drafts: readonly DraftColumn[]): boolean {
  const names = drafts.map(({ name }) => name.trim().toLowerCase());
  return (
    drafts.length > 0 &&
    names.every((name) => name !== "") &&
    new Set(names).size === names.length &&
    drafts.every(({ type, choices }) => type !== "choice" || choices.length > 0)
  );
}

/** Columns for a file, told apart where it has one title twice. */
export function columnsFor(preview: SheetPreview): DraftColumn[] {
  const taken = new Set<string>();
  return preview.columns.map(({ title, type }) => {
    let name = title;
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${title} ${number}`;
    taken.add(name.toLowerCase());
    return draftOf({ name, type });
  });
}

/** For each column of a file the table's column that is called the same. */
export function matching(preview: SheetPreview, columns: readonly Column[]): (string | null)[] {
  const taken = new Set<string>();
  return preview.columns.map(({ title }) => {
    const wanted = title.trim().toLowerCase();
    const found = columns.find(
      ({ key, name }) => !taken.has(key) && (name.toLowerCase() === wanted || key === wanted),
    );
    if (found) taken.add(found.key);
    return found?.key ?? null;
  });
}

/** What a person draws of a table: its columns, and the `id` of the one that tells its rows apart. */
export interface Shape {
  columns: DraftColumn[];
  key: number | null;
}

/** The name of the key as it is written now, so that one which is renamed stays the key. */
export function keyNameOf({ columns, key }: Shape): string | null {
  return columns.find(({ id }) => id === key)?.name.trim() ?? null;
}
