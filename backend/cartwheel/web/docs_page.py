"""The API's description as a page: one HTML document of our own, without scripts."""

from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby
from typing import Any

import orjson

from cartwheel.web.openapi import METHODS

_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
details { border: 1px solid #8884; border-radius: .5rem; margin: .5rem 0; padding: .5rem .75rem }
summary { cursor: pointer } code, pre { font: .875rem/1.5 ui-monospace, monospace }
pre { overflow-x: auto; background: #8881; padding: .75rem; border-radius: .375rem }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700 }
table { border-collapse: collapse } td { padding: .125rem 1rem .125rem 0; vertical-align: top }
"""
Operation = tuple[str, str, Mapping[str, Any]]


def docs_page(document: Mapping[str, Any]) -> str:
    """The page for an OpenAPI `document`."""
    operations = sorted(_operations(document), key=lambda found: (_tag(found), found[1]))
    sections = [
        f"<h2>{escape(tag.capitalize())}</h2>" + "".join(map(_operation, group))
        for tag, group in groupby(operations, _tag)
    ]
    shapes = document.get("components", {}).get("schemas", {})
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Cartwheel API</title><style>{_STYLE}</style></head><body>"
        f"<h1>Cartwheel API</h1><p>{escape(document['info'].get('description', ''))}</p>"
        f"{''.join(sections)}<h2>Shapes</h2>"
        f"{''.join(_shape(name, shapes[name]) for name in sorted(shapes))}</body></html>"
    )


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                yield method.upper(), path, operations[method]


def _tag(found: Operation) -> str:
    return str((found[2].get("tags") or ["other"])[0])


def _operation(found: Operation) -> str:
    method, path, operation = found
    bodies = operation.get("requestBody", {}).get("content", {}).values()
    body = "".join(f"<h4>Body</h4>{_schema(kind.get('schema', {}))}" for kind in bodies)
    rows = "".join(
        f"<tr><td><code>{escape(status)}</code></td><td>{_answer(answer)}</td></tr>"
        for status, answer in sorted(operation["responses"].items())
    )
    return (
        f'<details><summary><code><span class="method">{method}</span> {escape(path)}</code>'
        f"</summary><p>{escape(operation.get('description', operation.get('summary', '')))}</p>"
        f"{_parameters(operation.get('parameters', ()))}"
        f"{body}<h4>Answers</h4><table>{rows}</table></details>"
    )


def _parameters(parameters: Any) -> str:
    if not parameters:
        return ""
    rows = "".join(
        f"<tr><td><code>{escape(each['name'])}</code></td><td>{escape(each['in'])}</td>"
        f"<td>{escape(each.get('description', ''))}</td></tr>"
        for each in parameters
    )
    return f"<h4>Parameters</h4><table>{rows}</table>"


def _answer(answer: Mapping[str, Any]) -> str:
    shapes = [
        _schema(kind["schema"]) for kind in answer.get("content", {}).values() if "schema" in kind
    ]
    return escape(answer.get("description", "")) + "".join(shapes)


def _schema(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2], quote=True)
        return f' <a href="#{name}"><code>{name}</code></a>'
    return f"<pre>{_pretty(schema)}</pre>" if schema else ""


def _shape(name: str, schema: Mapping[str, Any]) -> str:
    mark = escape(name, quote=True)
    return f'<h3 id="{mark}"><code>{mark}</code></h3><pre>{_pretty(schema)}</pre>'


def _pretty(schema: Mapping[str, Any]) -> str:
    return escape(orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode(), quote=False)
