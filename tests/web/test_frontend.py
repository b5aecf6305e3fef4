"""The canvas's files: deep links, caching, and nothing but files of the canvas."""

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from cartwheel.web.frontend import Frontend

INDEX = "<!doctype html><title>Canvas</title>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text(INDEX)
    (built / "favicon.svg").write_text("<svg/>")
    (built / "assets" / "index-1a2b3c.js").write_text("export {}")
    (tmp_path / "secret.key").write_text("key")
    return built


async def test_the_front_page_is_asked_for_again_at_each_visit(folder: Path) -> None:
    answer = await _get(Frontend(folder), "/")
    assert (answer.text, answer.headers["cache-control"]) == (INDEX, "no-cache")


@pytest.mark.parametrize("page", ["/workflows/01ARZ", "/login/abc", "/runs", "/a/b/c.d"])
async def test_a_deep_link_opens_the_canvas(folder: Path, page: str) -> None:
    answer = await _get(Frontend(folder), page)
    assert (answer.status_code, answer.text) == (200, INDEX)


async def test_a_hashed_file_may_be_kept_for_ever(folder: Path) -> None:
    answer = await _get(Frontend(folder), "/assets/index-1a2b3c.js")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")


async def test_an_asset_of_an_older_build_is_missed_and_not_replaced_by_a_page(
    folder: Path,
) -> None:
    assert (await _get(Frontend(folder), "/assets/index-000000.js")).status_code == 404


async def test_a_browser_that_has_the_page_is_told_so(folder: Path) -> None:
    first = await _get(Frontend(folder), "/")
    again = await _get(Frontend(folder), "/", {"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.key",
        "/%2e%2e/secret.key",
        "/assets/../../secret.key",
        "/..%2fsecret.key",
    ],
)
async def test_only_files_of_the_canvas_are_given_out(folder: Path, path: str) -> None:
    answer = await _get(Frontend(folder), path)
    assert answer.text != "key"
    assert answer.status_code in {200, 404}


async def test_without_a_build_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    answer = await _get(Frontend(tmp_path / "missing"), "/")
    assert answer.status_code == 503
    assert "uv run cartwheel up" in answer.text


async def _get(
    frontend: Frontend, path: str, headers: dict[str, str] | None = None
) -> httpx.Response:
    app = Starlette()
    app.router.default = frontend
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as reader:
        return await reader.get(path, headers=headers)
