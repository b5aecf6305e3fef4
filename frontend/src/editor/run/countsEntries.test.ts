import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

import { countsEntries } from "./countsEntries";

const LANGUAGES = new URL("../../../../backend/cartwheel/languages/", import.meta.url);

it("knows the server's sentences about entries in every language", () => {
  const forms = JSON.parse(readFileSync(new URL("pl.json", LANGUAGES), "utf8")) as Record<
    string,
    string
  >;
  const ofEntries = Object.entries(forms).filter(([english]) => countsEntries(filled(english)));
  expect(ofEntries.length).toBeGreaterThan(2);
  for (const [, polish] of ofEntries) expect(filled(polish)).toSatisfy(countsEntries);
  expect(countsEntries("Order total is 50, which is not above 1,000")).toBe(false);
});

function filled(form: string): string {
  return form.replace(/\{(\d)(:\w+)?\}/g, "$1");
}
