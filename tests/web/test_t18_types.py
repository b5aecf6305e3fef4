"""TRUST.md T18: a body has one declared type and one parser, at every route.

The request is the one that took over another workflow builder: JSON that pretends to be an upload,
so that a form parser leaves it alone and a file handler believes its paths.
"""

import httpx
import pytest

from tests.accounts.objects import FILLERS
from tests.accounts.operations import Operation, operations

CONFUSED = b'{"files": {"f-1": {"filepath": "/etc/passwd", "originalFilename": "x", "size": 1}}}'
TAKES_A_BODY = [each for each in operations() if each.method != "GET"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("declared", ["multipart/form-data; boundary=x", "text/html"])
@pytest.mark.parametrize("operation", TAKES_A_BODY, ids=str)
async def test_a_body_of_another_type_is_refused_unread(
    client: httpx.AsyncClient, operation: Operation, declared: str
) -> None:
    places = {name: FILLERS.get(name, "made-up") for name in operation.in_path}
    answer = await client.request(
        operation.method,
        operation.path.format(**places),
        content=CONFUSED,
        headers={"Content-Type": declared},
    )
    expected = {415} if operation.path.startswith("/api/") else {401, 404, 415}
    assert answer.status_code in expected
    assert "passwd" not in answer.text
