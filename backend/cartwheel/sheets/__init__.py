"""Spreadsheet files: CSV and Excel, read into rows of text and written from them. Pure.

Node types may import this beside the SDK.
"""

from cartwheel.sheets.csv_text import read_csv, write_csv
from cartwheel.sheets.numbers import read_decimal
from cartwheel.sheets.sheet import Line, Sheet, SheetError, column_names
from cartwheel.sheets.xlsx import read_xlsx, write_xlsx

__all__ = [
    "Line",
    "Sheet",
    "SheetError",
    "column_names",
    "read_csv",
    "read_decimal",
    "read_xlsx",
    "write_csv",
    "write_xlsx",
]
