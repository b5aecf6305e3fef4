/** Rows of the shop's tables in what steps give: which columns those have. */
import { type Catalog, type Schema } from "./catalog";
import { readPointer } from "./pointer";
import { type Graph, isObject, type Json } from "./values";

export interface RowColumn {
  readonly key: string;
  readonly name: string;
  readonly type: "text" | "number" | "money" | "yes_no" | "date" | "date_time" | "choice";
  readonly choices: readonly string[];
}

/** The columns of each table, by the table's id. */
export type RowColumns = ReadonlyMap<string, readonly RowColumn[]>;

/** The hint of a schema whose objects are rows: where the settings name the table. */
const ROW_OF = "x-row-of";

export function hasRows(graph: Graph, catalog: Catalog): boolean {
  return graph.nodes.some(({ type }) => {
    const members = catalog.get(type)?.output_schema.properties;
    return isObject(members) && Object.values(members).some((member) => rowIn(member) !== null);
  });
}

/** The schema of an output in which each row has its table's columns, by their names. */
export function withColumns(schema: Schema, config: Json, tables: RowColumns): Schema {
  if (!isObject(schema.properties)) return schema;
  const members = Object.entries(schema.properties).map(([name, member]) => [
    name,
    withRow(member, config, tables),
  ]);
  return { ...schema, properties: Object.fromEntries(members) as Schema };
}

function withRow(member: Json, config: Json, tables: RowColumns): Json {
  const row = rowIn(member);
  if (row === null || !isObject(member)) return member;
  const chosen = readPointer(config, row[ROW_OF] as string);
  const columns = typeof chosen === "string" ? tables.get(chosen) : undefined;
  if (columns === undefined) return member;
  const filled = { ...row, properties: { ...asSchema(row.properties), ...schemasOf(columns) } };
  return row === member ? filled : { ...member, items: filled };
}

/** The schema of a row: the member itself, or what stands in its list. */
function rowIn(member: Json): Schema | null {
  if (!isObject(member)) return null;
  if (typeof member[ROW_OF] === "string") return member;
  return isObject(member.items) && typeof member.items[ROW_OF] === "string" ? member.items : null;
}

const TYPES: Readonly<Record<RowColumn["type"], Schema>> = {
  text: { type: ["string", "null"] },
  choice: { type: ["string", "null"] },
  number: { type: ["number", "null"] },
  money: { type: ["string", "null"], "x-type": "money" },
  yes_no: { type: ["boolean", "null"] },
  date: { type: ["string", "null"], format: "date" },
  date_time: { type: ["string", "null"], format: "date-time" },
};

function schemasOf(columns: readonly RowColumn[]): { readonly [key: string]: Schema } {
  return Object.fromEntries(
    columns.map(({ key, name, type, choices }) => [
      key,
      { ...TYPES[type], title: name, ...(choices.length > 0 && { enum: [...choices, null] }) },
    ]),
  );
}

function asSchema(value: Json | undefined): Schema {
  return isObject(value) ? value : {};
}
