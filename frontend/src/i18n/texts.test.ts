import { readFileSync } from "node:fs";
import { relative } from "node:path";

import ts from "typescript";
import { describe, expect, it } from "vitest";

import { LANGUAGES } from ".";
import { english } from "./english";

const ROOT = new URL("..", import.meta.url).pathname;
const sources = Object.keys(
  import.meta.glob(["../**/*.{ts,tsx}", "!../**/*.test.*", "!../test/**"]),
)
  .map((path) => new URL(path, import.meta.url).pathname)
  .map((path) => ({ path, file: parse(path) }));

function parse(path: string): ts.SourceFile {
  const kind = path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true, kind);
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** `a.b_one` and `a.b_other` are one text in two forms. */
const withoutForm = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, "");

function keysOf(texts: object, before = ""): string[] {
  return Object.entries(texts).flatMap(([name, text]: [string, unknown]) =>
    typeof text === "object" && text !== null
      ? keysOf(text, `${before}${name}.`)
      : [withoutForm(before + name)],
  );
}

const known = Object.entries(english).flatMap(([namespace, texts]) =>
  keysOf(texts).map((key) => ({ namespace, key })),
);
const allKeys = new Set(known.flatMap(({ namespace, key }) => [key, `${namespace}:${key}`]));

/** What the code says: whole texts, and the beginnings of texts that are put together. */
function spoken(): { whole: Set<string>; starts: string[] } {
  const whole = new Set<string>();
  const starts: string[] = [];
  for (const { file } of sources) {
    walk(file, (node) => {
      if (ts.isStringLiteralLike(node)) whole.add(withoutForm(node.text));
      if (ts.isTemplateExpression(node) && node.head.text) starts.push(node.head.text);
    });
  }
  return { whole, starts };
}

/** Calls of `t`, each with the key it was given as far as it can be read. */
function translations(): { place: string; key: string; whole: boolean }[] {
  return sources.flatMap(({ path, file }) => {
    const calls: { place: string; key: string; whole: boolean }[] = [];
    walk(file, (node) => {
      if (!ts.isCallExpression(node) || node.expression.getText(file) !== "t") return;
      const [first] = node.arguments;
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      const place = `${relative(ROOT, path)}:${line + 1}`;
      if (first && ts.isStringLiteralLike(first))
        calls.push({ place, key: first.text, whole: true });
      if (first && ts.isTemplateExpression(first)) {
        calls.push({ place, key: first.head.text, whole: false });
      }
    });
    return calls;
  });
}

const SHOWN_ATTRIBUTES = new Set(
  "alt aria-label aria-description confirm description error label lead placeholder title".split(
    " ",
  ),
);
const holdsWords = (text: string) => /\p{L}{2,}/u.test(text);

/** Texts that stand in the code instead of in the texts' files. */
function untranslated(): string[] {
  return sources.flatMap(({ path, file }) => {
    const found: string[] = [];
    const tell = (node: ts.Node, text: string) => {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      found.push(`${relative(ROOT, path)}:${line + 1} ${text.trim()}`);
    };
    walk(file, (node) => {
      if (ts.isJsxText(node) && holdsWords(node.text)) tell(node, node.text);
      if (!ts.isJsxAttribute(node) || !SHOWN_ATTRIBUTES.has(node.name.getText(file))) return;
      const value = node.initializer;
      if (value && ts.isStringLiteral(value) && holdsWords(value.text)) tell(node, value.text);
    });
    return found;
  });
}

describe("the texts of the screen", () => {
  it("stand in the texts' files and not in the code", () => {
    expect(untranslated()).toEqual([]);
  });

  it("exist wherever the code asks for one", () => {
    const missing = translations().filter(({ key, whole }) =>
      whole
        ? !allKeys.has(withoutForm(key)) && !known.some((one) => one.key.startsWith(`${key}.`))
        : ![...allKeys].some((one) => one.startsWith(key)),
    );
    expect(missing.map(({ place, key }) => `${place} ${key}`)).toEqual([]);
  });

  it("are all used", () => {
    const { whole, starts } = spoken();
    const unused = known.filter(
      ({ namespace, key }) =>
        ![key, `${namespace}:${key}`].some(
          (name) =>
            whole.has(name) ||
            starts.some((start) => start.includes(".") && name.startsWith(start)),
        ),
    );
    expect(unused.map(({ namespace, key }) => `${namespace}:${key}`)).toEqual([]);
  });
});

/** Every text by its whole key, forms apart. */
function leavesOf(texts: object, before = ""): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([name, text]: [string, unknown]): [string, string][] =>
      typeof text === "object" && text !== null
        ? [...leavesOf(text, `${before}${name}.`)]
        : [[before + name, String(text)]],
    ),
  );
}

const placesOf = (text: string) => [...text.matchAll(/\{\{(\w+)/g)].map((match) => match[1]);

const others = import.meta.glob<{ default: object }>(
  ["./locales/*/*.json", "!./locales/en/*.json"],
  { eager: true },
);

it("every language has every file", () => {
  const files = Object.keys(LANGUAGES)
    .filter((language) => language !== "en")
    .flatMap((language) =>
      Object.keys(english).map((namespace) => `./locales/${language}/${namespace}.json`),
    );
  expect(files.filter((path) => !(path in others))).toEqual([]);
});

describe.each(Object.entries(others))("%s", (path, file) => {
  const namespace = path.split("/").at(-1)?.replace(".json", "") as keyof typeof english;

  const language = path.split("/").at(-2) ?? "";
  const ours = leavesOf(file.default);
  const theirs = leavesOf(english[namespace]);

  it("says everything that English says, and nothing else", () => {
    expect(new Set(keysOf(file.default))).toEqual(new Set(keysOf(english[namespace])));
  });

  it("has every form in which the language counts", () => {
    const counted = [...theirs.keys()].filter((key) => key.endsWith("_other"));
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const missing = counted.flatMap((key) =>
      forms.map((form) => key.replace(/other$/, form)).filter((form) => !ours.has(form)),
    );
    expect(missing).toEqual([]);
  });

  it("leaves the same places to be filled in", () => {
    const differing = [...ours].filter(([key, text]) => {
      const original = theirs.get(key) ?? theirs.get(`${withoutForm(key)}_other`) ?? "";
      return placesOf(text).some((place) => !placesOf(original).includes(place));
    });
    const lost = [...theirs].filter(([key, text]) => {
      const ownText = ours.get(key);
      return ownText && placesOf(text).some((place) => !placesOf(ownText).includes(place));
    });
    expect([...differing, ...lost].map(([key]) => key)).toEqual([]);
  });
});
