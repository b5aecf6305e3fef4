"""The sheet that stands in a value: the text of a CSV file, or a file with its bytes in base64, as
a step makes one."""

import base64
import binascii
from collections.abc import Mapping

from cartwheel.node_sdk import Json, NodeError
from cartwheel.sheets import Sheet, read_csv, read_xlsx

LARGEST = 5 * 1024 * 1024
_WORKBOOK, _WORKBOOK_IN_BASE64 = b"PK\x03\x04", "UEsDB"


def sheet_in(found: Json, path: str, delimiter: str | None, most_lines: int) -> Sheet:
    """Raises `NodeError` for what is no file, and `SheetError` with the line where one breaks
    off."""
    data = _data(found, path)
    if len(data) > LARGEST:
        raise NodeError(
            f"The file has {len(data) / 1024 / 1024:.1f} MB; 5 MB are the most.",
            code="too_large",
            fix="Split the file before this step.",
        )
    if isinstance(data, bytes) and data.startswith(_WORKBOOK):
        return read_xlsx(data, most_lines=most_lines)
    return read_csv(data, delimiter=delimiter, most_lines=most_lines)


def _data(found: Json, path: str) -> str | bytes:
    content = found.get("content") if isinstance(found, Mapping) else found
    if not isinstance(content, str):
        raise _no_file(path)
    is_file = isinstance(found, Mapping) and found.get("encoding") == "base64"
    if not is_file and not content.startswith(_WORKBOOK_IN_BASE64):
        return content
    try:
        return base64.b64decode(content, validate=True)
    except binascii.Error:
        raise _no_file(path) from None


def _no_file(path: str) -> NodeError:
    return NodeError(
        f"“{path}” is no text.",
        code="not_a_text",
        fix="Choose the text of a CSV file, such as the answer of a request.",
    )
