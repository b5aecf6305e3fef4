"""What steps say about the shop's tables: whether those exist, and what their rows hold. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from cartwheel.catalog.config import has_variables
from cartwheel.catalog.pointers import MISSING, look_up, pointer
from cartwheel.expressions.suggestions import closest
from cartwheel.node_sdk import Json
from cartwheel.records.cells import CellError, ColumnType, read_cell
from cartwheel.records.tables import Column, Table
from cartwheel.workflows.elements import Node
from cartwheel.workflows.problems import GraphProblem, ProblemCode
from cartwheel.workflows.shapes import Schema

ROW_OF = "x-row-of"
_TYPES: Mapping[ColumnType, Schema] = {
    ColumnType.NUMBER: {"type": ["number", "null"]},
    ColumnType.MONEY: {"type": ["string", "null"], "x-type": "money"},
    ColumnType.YES_NO: {"type": ["boolean", "null"]},
    ColumnType.DATE: {"type": ["string", "null"], "x-type": "date"},
    ColumnType.DATE_TIME: {"type": ["string", "null"], "x-type": "date-time"},
}
_TEXT: Schema = {"type": ["string", "null"]}


def table_problems(
    node: Node, fields: Mapping[str, Any], tables: Mapping[str, Table]
) -> Iterator[GraphProblem]:
    """What is wrong with the tables, columns and values that one step's settings name."""
    named = next((n for n, f in fields.items() if f.get("x-widget") == "table"), None)
    chosen = node.config.get(named) if named else None
    if named is None or not isinstance(chosen, str) or not chosen:
        return
    table = tables.get(chosen)
    if table is None:
        yield _no_table(node, named, chosen, tables)
        return
    for name, field in fields.items():
        given = node.config.get(name)
        if field.get("x-widget") == "table-column" and isinstance(given, str) and given:
            yield from _column_problems(node, table, given, pointer([name]))
        elif field.get("x-widget") == "table-cells" and isinstance(given, Mapping):
            for key, value in given.items():
                place = pointer([name, str(key)])
                yield from _column_problems(node, table, str(key), place, value)
            yield from _key_problems(node, table, given, pointer([name]))


def _no_table(node: Node, field: str, chosen: str, tables: Mapping[str, Table]) -> GraphProblem:
    match = closest(chosen, [table.name for table in tables.values()])
    return GraphProblem(
        ProblemCode.UNKNOWN_TABLE,
        "The table that this step uses does not exist any more.",
        f"Did you mean “{match}”?" if match else "Choose a table, or make one under Tables.",
        node.id,
        pointer([field]),
    )


def _column_problems(
    node: Node, table: Table, key: str, field: str, value: Json = None
) -> Iterator[GraphProblem]:
    column = next((each for each in table.columns if key in (each.key, each.name)), None)
    if column is None:
        match = closest(key, [each.key for each in table.columns])
        yield GraphProblem(
            ProblemCode.UNKNOWN_COLUMN,
            f"The table “{table.name}” has no column “{key}”.",
            f"Did you mean “{match}”?" if match else "Choose one of the table's columns.",
            node.id,
            field,
        )
    elif value is not None and not has_variables(value):
        yield from _value_problems(node, column, value, field)


def _value_problems(node: Node, column: Column, value: Json, field: str) -> Iterator[GraphProblem]:
    try:
        read_cell(column.type, value, column.choices)
    except CellError as error:
        yield GraphProblem(
            ProblemCode.BAD_CELL,
            f"“{column.name}”: {error.message}",
            "Correct the value.",
            node.id,
            field,
        )


def _key_problems(
    node: Node, table: Table, cells: Mapping[str, Json], field: str
) -> Iterator[GraphProblem]:
    if table.key_column is None or str(cells.get(table.key_column) or "").strip():
        return
    column = table.column(table.key_column)
    if str(cells.get(column.name) or "").strip():
        return
    yield GraphProblem(
        ProblemCode.MISSING_KEY,
        f"“{column.name}” is empty, but it tells the rows of “{table.name}” apart.",
        "Give it a value.",
        node.id,
        field,
    )


# --- what rows hold, for the variables of later steps ---


def with_columns(schema: Schema, config: Mapping[str, Json], tables: Mapping[str, Table]) -> Schema:
    """An output schema in which rows have the columns of the table that the settings name."""
    return {
        **schema,
        "properties": {
            name: _row_schema(member, config, tables)
            for name, member in schema.get("properties", {}).items()
        },
    }


def _row_schema(schema: Schema, config: Mapping[str, Json], tables: Mapping[str, Table]) -> Schema:
    if "items" in schema and ROW_OF in schema["items"]:
        return {**schema, "items": _row_schema(schema["items"], config, tables)}
    if ROW_OF not in schema:
        return schema
    chosen = look_up(config, schema[ROW_OF])
    table = tables.get(chosen) if chosen is not MISSING and isinstance(chosen, str) else None
    if table is None:
        return schema
    columns = {
        column.key: {**_TYPES.get(column.type, _TEXT), "title": column.name}
        for column in table.columns
    }
    return {
        **schema,
        "properties": {**schema.get("properties", {}), **columns},
        "additionalProperties": False,
    }
