// @vitest-environment jsdom

import { expect, it } from "vitest";

import { readDrawing } from "./drawing";

it("keeps what draws", () => {
  const svg = '<svg viewBox="0 0 24 24"><g stroke-width="2"><path d="M0 0h4"/></g></svg>';
  expect(readDrawing(svg)).toEqual({
    tag: "svg",
    attributes: { viewBox: "0 0 24 24" },
    children: [
      {
        tag: "g",
        attributes: { strokeWidth: "2" },
        children: [{ tag: "path", attributes: { d: "M0 0h4" }, children: [] }],
      },
    ],
  });
});

it.each([
  ["a script", "<script>alert(1)</script>"],
  ["foreign HTML", "<foreignObject><b>hi</b></foreignObject>"],
  ["a picture from elsewhere", '<image href="https://evil.example/x.png"/>'],
  ["a link", '<a href="javascript:alert(1)"><path d="M0 0"/></a>'],
  ["a style", "<style>path { fill: url(https://evil.example) }</style>"],
])("leaves out %s", (_what, inside) => {
  expect(readDrawing(`<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`)?.children).toEqual(
    [],
  );
});

it.each(["onload", "style", "href"])("leaves out the attribute %s", (name) => {
  expect(readDrawing(`<svg ${name}="x"/>`)?.attributes).toEqual({});
});

it("leaves out values that reach elsewhere", () => {
  expect(readDrawing('<svg fill="url(https://evil.example)"/>')?.attributes).toEqual({});
});

it("draws nothing for a text that is no picture", () => {
  expect(readDrawing("<p>hello</p>")).toBeNull();
  expect(readDrawing("not at all")).toBeNull();
});
