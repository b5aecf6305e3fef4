"""A merchant makes a table from a file, finds and changes a row, and is stopped by a bad file."""

from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.accessibility import serious_faults

PEOPLE = "E-mail;Units;Deposit\nanna@example.com;2;12,50\nben@example.com;1;3,00\n"


def test_a_table_comes_from_a_file_and_keeps_out_what_does_not_fit(
    page: Page, tmp_path: Path
) -> None:
    people, bad = tmp_path / f"Waitlist {uuid4().hex[:6]}.csv", tmp_path / "bad.csv"
    people.write_text(PEOPLE)
    bad.write_text("E-mail,Units\ncleo@example.com,many\n")
    page.goto("/tables")
    page.get_by_role("button", name="New table").click()
    page.locator("input[type=file]").set_input_files(people)
    expect(page.get_by_text("2 lines come along")).to_be_visible()
    page.get_by_role("combobox", name="What tells rows apart").click()
    page.get_by_role("option", name="E-mail").click()
    page.get_by_role("button", name="Create").click()
    page.get_by_role("searchbox").fill("BEN@")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="ben@example.com").press("Enter")
    page.get_by_role("textbox", name="Units").fill("7")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("cell", name="7", exact=True)).to_be_visible()
    assert serious_faults(page) == []
    page.get_by_role("button", name="Import").click()
    page.locator("input[type=file]").set_input_files(bad)
    expect(page.get_by_text("Line 2, “Units”: “many” is no number.")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("button", name="Import")).to_be_disabled()
    assert serious_faults(page) == []
