"""Tables as people and programs use them over HTTP."""

import asyncio
import base64
import io
import zipfile
from typing import Any

import httpx
import pytest

from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.node_sdk import SaveRow
from cartwheel.records import files, service, shaping
from cartwheel.records.store import perform
from cartwheel.sheets import read_csv, read_xlsx, write_xlsx
from cartwheel.statements import Sql, Transaction
from tests.runs.conftest import START, Shop, chain, node

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def add(client: httpx.AsyncClient, table: str, **cells: Any) -> httpx.Response:
    return await client.post(f"/api/tables/{table}/rows", json={"cells": cells})


async def shown(client: httpx.AsyncClient, table: str, **query: Any) -> list[Any]:
    page = await client.get(f"/api/tables/{table}/rows", params=query)
    assert page.status_code == 200, page.text
    return [row["cells"]["e_mail"] for row in page.json()["items"]]


def file_of(data: bytes | str, name: str = "people.csv") -> dict[str, str]:
    raw = data.encode() if isinstance(data, str) else data
    return {"name": name, "content": base64.b64encode(raw).decode()}


async def test_cells_are_kept_as_their_columns_hold_them(
    client: httpx.AsyncClient, table: str
) -> None:
    added = await add(
        client, table, e_mail=" Anna@example.com ", Units="7", deposit="12,5 €", since="5.3.2026",
        size="m", told="Tak",
    )  # fmt: skip
    assert added.json()["cells"] == {
        "e_mail": "Anna@example.com", "units": 7, "deposit": "12.50", "since": "2026-03-05",
        "size": "M", "told": True,
    }  # fmt: skip


@one_database
@pytest.mark.parametrize(
    ("cells", "status", "words"),
    [
        ({"e_mail": "a", "units": "many"}, 422, "“Units”: “many” is no number."),
        ({"e_mail": "a", "size": "XL"}, 422, "none of the choices: S, M, L"),
        ({"e_mail": "a", "unist": 1}, 422, "Did you mean “units”?"),
        ({"units": 1}, 422, "“E-mail” is empty"),
        ({"e_mail": "ANNA@example.com"}, 409, "already a row with the E-mail"),
    ],
)
async def test_a_row_that_does_not_fit_is_refused_in_words(
    client: httpx.AsyncClient, table: str, cells: dict[str, Any], status: int, words: str
) -> None:
    await add(client, table, e_mail="anna@example.com")
    refused = await add(client, table, **cells)
    assert (refused.status_code, words in refused.json()["detail"]) == (status, True)
    assert (await client.get(f"/api/tables/{table}")).json()["row_count"] == 1


async def test_rows_are_found_sorted_and_paged(client: httpx.AsyncClient, table: str) -> None:
    for name, units, told in (("b@x", 10, True), ("a@x", 9, False), ("c@x", None, None)):
        await add(client, table, e_mail=name, units=units, told=told)
    assert await shown(client, table) == ["b@x", "a@x", "c@x"]
    assert await shown(client, table, sort="-units") == ["b@x", "a@x", "c@x"]
    assert await shown(client, table, search="A@X") == ["a@x"]
    for sort in ("units", "-e_mail", "told", "", "-"):
        whole, found, cursor = await shown(client, table, sort=sort), [], None
        while True:
            query = {"sort": sort, "limit": 1, **({"cursor": cursor} if cursor else {})}
            page = (await client.get(f"/api/tables/{table}/rows", params=query)).json()
            found += [row["cells"]["e_mail"] for row in page["items"]]
            if (cursor := page["next"]) is None:
                break
        assert found == whole, sort


async def test_a_changed_column_changes_its_rows_or_nothing(
    client: httpx.AsyncClient, table: str
) -> None:
    await add(client, table, e_mail="a@x", units=7, deposit="1.50")
    await add(client, table, e_mail="b@x", units=7)
    before = (await client.get(f"/api/tables/{table}")).json()
    columns = [{"key": "e_mail", "name": "Mail"}, {"key": "units", "name": "Units"}]
    change = {"name": "Queue", "columns": [*columns, {"name": "Note"}]}
    refused = await client.patch(f"/api/tables/{table}", json={**change, "key": "units"})
    assert refused.json()["code"] == "rows_do_not_fit"
    assert (await client.get(f"/api/tables/{table}")).json() == before
    changed = (await client.patch(f"/api/tables/{table}", json=change)).json()
    assert [c["key"] for c in changed["columns"]] == ["e_mail", "units", "note"]
    rows = (await client.get(f"/api/tables/{table}/rows")).json()["items"]
    assert rows[0]["cells"] == {"e_mail": "a@x", "units": "7", "note": None}
    assert await shown(client, table, search="1.50") == []


async def test_a_file_goes_in_whole_or_not_at_all(client: httpx.AsyncClient, table: str) -> None:
    await add(client, table, e_mail="anna@x", units=1, told=True)
    text = "Mail;Units;Paid\nAnna@x;2;1.234,50\n\nben@x;;3,2\n"
    preview = (await client.post("/api/tables/file", json=file_of(text))).json()
    assert [column["type"] for column in preview["columns"]] == ["text", "number", "number"]
    assert [line["number"] for line in preview["lines"]] == [2, 4]
    keys = ["e_mail", "units", "deposit"]
    bad = {**file_of(text + "BEN@x;x;y\nc@x;1;1\n"), "columns": keys}
    refused = (await client.post(f"/api/tables/{table}/import", json=bad)).json()
    assert (refused["code"], refused["fault_count"]) == ("lines_do_not_fit", 2)
    assert refused["faults"][0]["message"] == "“x” is no number."
    assert (refused["faults"][0]["line"], refused["faults"][0]["column"]) == (5, "Units")
    assert await shown(client, table) == ["anna@x"]
    good = {**file_of(text), "columns": keys}
    for check in (True, False):
        result = await client.post(f"/api/tables/{table}/import", json={**good, "check": check})
        assert (result.json()["added"], result.json()["changed"]) == (1, 1)
    rows = (await client.get(f"/api/tables/{table}/rows")).json()["items"]
    assert rows[0]["cells"] == {
        "e_mail": "Anna@x", "units": 2, "deposit": "1234.50", "since": None, "size": None,
        "told": True,
    }  # fmt: skip


@one_database
async def test_a_key_twice_is_told_with_both_lines_and_rows_stand_as_in_the_file(
    client: httpx.AsyncClient, table: str
) -> None:
    body = {**file_of("Mail\na@x\nb@x\nA@x\n"), "columns": ["e_mail"], "check": True}
    result = (await client.post(f"/api/tables/{table}/import", json=body)).json()
    lines = "".join(f"{number}@x\n" for number in range(9, 0, -1))
    body = {**file_of("Mail\n" + lines), "columns": ["e_mail"]}
    await client.post(f"/api/tables/{table}/import", json=body)
    assert await shown(client, table) == lines.split()
    assert result["faults"] == [
        {"line": 4, "column": "E-mail", "message": "“a@x” stands in line 2 already."}
    ]


@one_database
async def test_exports_come_back_the_same_and_hold_no_formulas(
    client: httpx.AsyncClient, table: str
) -> None:
    await add(client, table, e_mail="=HYPERLINK(1)", units=-5, deposit="-2.50", since="2026-01-02")
    for kind in ("csv", "xlsx"):
        answer = await client.get(f"/api/tables/{table}/export", params={"format": kind})
        assert f"Waitlist.{kind}" in answer.headers["content-disposition"]
        sheet = (read_csv if kind == "csv" else read_xlsx)(answer.content)
        assert sheet.titles == ("E-mail", "Units", "Deposit", "Since", "Size", "Told")
        assert sheet.lines[0].cells[0] == "=HYPERLINK(1)"
        assert float(sheet.lines[0].cells[2]) == -2.5
    csv = (await client.get(f"/api/tables/{table}/export")).text
    assert "'=HYPERLINK(1),-5,-2.50" in csv


@one_database
async def test_a_zip_bomb_and_a_broken_file_are_refused(
    client: httpx.AsyncClient, table: str
) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (81 * 1024 * 1024))
    for data, name, words in (
        (bomb.getvalue(), "bomb.xlsx", "Unpacked, this workbook is larger than 80 MB."),
        (write_xlsx(["A"], [["x"]])[:-40], "cut.xlsx", "it is damaged"),
        ('a,b\n1,2\n"3,4\n', "open.csv", "Line 3: A quotation mark is opened here"),
        (b"a\n\xff\xfe", "old.csv", "Line 2: The letters of this file cannot be read."),
    ):
        refused = await client.post("/api/tables/file", json=file_of(data, name))
        assert (refused.status_code, words in refused.json()["detail"]) == (422, True), name


async def test_a_table_in_use_stays_until_its_workflows_are_off(
    client: httpx.AsyncClient, table: str, database: Database
) -> None:
    graph = chain(START, node("find", "data.find_row@1", table=table))
    workflow_id = await Shop(database).activate(graph)
    refused = await client.delete(f"/api/tables/{table}")
    assert (refused.status_code, refused.json()["code"]) == (409, "table_in_use")
    assert refused.json()["workflows"] == [{"id": workflow_id, "name": "Test"}]
    await client.post(f"/api/workflows/{workflow_id}/deactivate", json={"waiting": "finish"})
    used_by = (await client.get(f"/api/tables/{table}")).json()["used_by"]
    assert used_by == [{"id": workflow_id, "name": "Test", "is_live": False}]
    await add(client, table, e_mail="a@x")
    assert (await client.delete(f"/api/tables/{table}")).status_code == 204
    assert (await client.get("/api/tables")).json() == {"items": [], "next": None}


@one_database
async def test_two_tables_cannot_share_a_name(client: httpx.AsyncClient, table: str) -> None:
    body = {"name": "WAITLIST", "columns": [{"name": "A"}]}
    assert (await client.post("/api/tables", json=body)).json()["code"] == "name_taken"
    other = (await client.post("/api/tables", json={**body, "name": "B"})).json()["id"]
    renamed = await client.patch(f"/api/tables/{other}", json={"name": "Waitlist"})
    assert renamed.json()["code"] == "name_taken"


async def test_a_file_and_a_change_at_the_same_time_both_count(
    client: httpx.AsyncClient, database: Database, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the file's lines come to is worked out before the table is locked."""
    sheet = base64.b64encode(b"E-mail,Units\nanna@x.example,3\nben@x.example,4\n").decode()
    body = {"name": "x.csv", "content": sheet, "columns": ["e_mail", "units"]}
    judged, meddling = files._judged, list[str]()

    def judged_while_somebody_writes(*args: Any) -> Any:
        found = judged(*args)
        if len(meddling) < 9:
            meddling.append("")
            cells = {"E-mail": "anna@x.example", "Size": "S", "Units": len(meddling)}
            saving = SaveRow(table, cells)
            done = database.run(perform(1, saving, f"act-{len(meddling)}", now_ms()))
            asyncio.run_coroutine_threadsafe(done, loop).result()
        return found

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(files, "_judged", judged_while_somebody_writes)
    done = (await client.post(f"/api/tables/{table}/import", json=body)).json()
    assert (done["added"], done["changed"], len(meddling)) == (1, 1, 3)
    rows = (await client.get(f"/api/tables/{table}/rows")).json()["items"]
    assert [(r["cells"]["e_mail"], r["cells"]["units"], r["cells"].get("size")) for r in rows] == [
        ("anna@x.example", 3, "S"),
        ("ben@x.example", 4, None),
    ]


@pytest.mark.parametrize("times", [2, 9])
async def test_another_kind_of_column_and_rows_that_change_meanwhile_both_count(
    client: httpx.AsyncClient,
    database: Database,
    table: str,
    monkeypatch: pytest.MonkeyPatch,
    times: int,
) -> None:
    """Rows are fitted before the table is locked, and anew when it has changed; in a table that
    changes all the time, while it is locked."""
    await add(client, table, **{"E-mail": "anna@x.example", "Units": 3})
    await add(client, table, **{"E-mail": "ben@x.example"})
    fit, meddling = shaping.reshaped, list[str]()

    def fitted_while_somebody_writes(*args: Any) -> Any:
        found = fit(*args)
        if len(meddling) < times:
            meddling.append("")
            saving = SaveRow(table, {"E-mail": "ben@x.example", "Units": len(meddling)})
            done = database.run(perform(1, saving, f"act-{len(meddling)}", now_ms()))
            asyncio.run_coroutine_threadsafe(done, loop).result()
        return found

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(shaping, "reshaped", fitted_while_somebody_writes)
    columns = (await client.get(f"/api/tables/{table}")).json()["columns"]
    columns[1]["type"] = "text"
    body = {"columns": [{k: v for k, v in c.items() if k != "number"} for c in columns]}
    answer = await client.patch(f"/api/tables/{table}", json=body)
    assert answer.status_code == 200, answer.text
    rows = (await client.get(f"/api/tables/{table}/rows")).json()["items"]
    units = [(row["cells"]["e_mail"], row["cells"]["units"]) for row in rows]
    assert units == [("anna@x.example", "3"), ("ben@x.example", str(min(times, 3)))]


@one_database
async def test_a_change_of_a_column_writes_only_the_rows_that_it_changes(
    client: httpx.AsyncClient, database: Database, table: str
) -> None:
    await add(client, table, **{"E-mail": "anna@x.example", "Units": 3})
    await add(client, table, **{"E-mail": "ben@x.example", "Size": "S"})
    await database.run(_long_ago())
    columns = (await client.get(f"/api/tables/{table}")).json()["columns"]
    columns[1]["type"] = "text"
    await client.patch(f"/api/tables/{table}", json={"columns": columns})
    after = await database.fetch(Sql("SELECT updated_at FROM record_row ORDER BY id"))
    assert [row[0] > 1 for row in after] == [True, False]


def _long_ago() -> Transaction[None]:
    yield Sql("UPDATE record_row SET updated_at = 1")


@pytest.mark.parametrize("tries", [3, 0])
async def test_rows_stay_as_they_are_where_the_column_itself_cannot_be_written(
    client: httpx.AsyncClient, table: str, monkeypatch: pytest.MonkeyPatch, tries: int
) -> None:
    """Rows and column are one commit, worked out beforehand or while the table is locked."""

    def refused(*_: object) -> Sql:
        raise Busy("The disk went away between the rows and the column.")

    await add(client, table, **{"E-mail": "anna@x.example", "Units": 3})
    before = (await client.get(f"/api/tables/{table}/rows")).json()
    columns = (await client.get(f"/api/tables/{table}")).json()["columns"]
    columns[1]["type"] = "text"
    monkeypatch.setattr(service, "MOST_TRIES", tries)
    with monkeypatch.context() as broken:
        broken.setattr(shaping, "_write_table", refused)
        answer = await client.patch(f"/api/tables/{table}", json={"columns": columns})
    assert answer.status_code == 503
    assert (await client.get(f"/api/tables/{table}/rows")).json() == before
    answer = await client.patch(f"/api/tables/{table}", json={"columns": columns})
    rows = (await client.get(f"/api/tables/{table}/rows")).json()["items"]
    assert (answer.status_code, rows[0]["cells"]["units"]) == (200, "3")
