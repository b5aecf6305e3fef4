import { infiniteQueryOptions, queryOptions, useQuery } from "@tanstack/react-query";

import { type Answered, useChange } from "./change";
import { answer, api } from "./client";
import { byPage, PAGE_SIZE } from "./pages";
import type { components } from "./schema";
import type { Json, Page } from "./types";

type Schemas = components["schemas"];

export type Table = Schemas["TableShape"];
export type TableDetail = Schemas["TableDetail"];
export type Column = Schemas["ColumnShape"];
export type ColumnType = Schemas["ColumnType"];
export type Cells = Readonly<Record<string, Json>>;
export interface TableRow {
  id: string;
  cells: Cells;
}
/** A column as it is asked for; without a key it is new. */
export interface GivenColumn {
  key?: string;
  name: string;
  type: ColumnType;
  choices: string[];
}
export type SheetFile = Schemas["SheetFile"];
export type SheetPreview = Schemas["SheetPreview"];
export type ImportResult = Schemas["ImportResult"];
export type Import = Schemas["Import"];

const of = (id: string) => ({ path: { table_id: id } });

export const tablesQuery = queryOptions({
  queryKey: ["tables"],
  queryFn: ({ signal }) => answer<Page<Table>>(api.GET("/api/tables", { signal })),
  select: (page) => page.items,
});

export const useTables = () => useQuery(tablesQuery);

export const tableQuery = (id: string) =>
  queryOptions({
    queryKey: ["tables", id],
    queryFn: ({ signal }) =>
      answer<TableDetail>(api.GET("/api/tables/{table_id}", { params: of(id), signal })),
  });

/** Rows in which `search` stands, by the column `sort`; `-` before it: downwards. */
export const rowsQuery = (id: string, search: string, sort: string) =>
  infiniteQueryOptions({
    queryKey: ["tables", id, "rows", { search, sort }],
    queryFn: ({ pageParam: cursor, signal }) =>
      answer<Page<TableRow>>(
        api.GET("/api/tables/{table_id}/rows", {
          params: { ...of(id), query: { search, sort, cursor, limit: PAGE_SIZE } },
          signal,
        }),
      ),
    ...byPage,
  });

export interface NewTable {
  name: string;
  columns: GivenColumn[];
  key: string | null;
}

export const createTable = (table: NewTable): Promise<TableDetail> =>
  answer(api.POST("/api/tables", { body: table }));

/** Rows are changed with their columns, or nothing is. */
export const changeTable = ({ id, ...change }: NewTable & { id: string }): Promise<TableDetail> =>
  answer(api.PATCH("/api/tables/{table_id}", { params: of(id), body: change }));

export const deleteTable = (id: string): Promise<void> =>
  answer(api.DELETE("/api/tables/{table_id}", { params: of(id) }));

export interface RowChange {
  table: string;
  /** Without it the row is new. */
  id: string | null;
  cells: Record<string, Json>;
}

export const saveRow = ({ table, id, cells }: RowChange): Promise<TableRow> => {
  const body = { cells };
  if (id === null)
    return answer(api.POST("/api/tables/{table_id}/rows", { params: of(table), body }));
  const params = { path: { table_id: table, row_id: id } };
  return answer(api.PATCH("/api/tables/{table_id}/rows/{row_id}", { params, body }));
};

export const deleteRow = ({ table, id }: { table: string; id: string }): Promise<void> =>
  answer(
    api.DELETE("/api/tables/{table_id}/rows/{row_id}", {
      params: { path: { table_id: table, row_id: id } },
    }),
  );

export const previewFile = (file: SheetFile): Promise<SheetPreview> =>
  answer(api.POST("/api/tables/file", { body: file }));

export const importFile = ({ id, ...body }: Import & { id: string }): Promise<ImportResult> =>
  answer(api.POST("/api/tables/{table_id}/import", { params: of(id), body }));

/** Where the whole table can be downloaded. */
export const exportAddress = (id: string, kind: "csv" | "xlsx"): string =>
  `/api/tables/${id}/export?format=${kind}`;

/** A change of tables or rows; what is shown of them is asked for anew. */
export const useTableChange = <Input, Output>(
  act: (input: Input) => Promise<Output>,
  answered?: Answered<Input, Output>,
) => useChange(act, ["tables"], answered);
