// @vitest-environment jsdom

import { beforeAll, expect, it } from "vitest";

import { i18n, startTexts } from "@/i18n";
import "@/i18n/later/run";
import { formatsOf } from "@/ui/formats";

import { type Compared, comparisonSentence } from "./comparedWords";

beforeAll(() => startTexts());

const PHRASES: Record<string, string> = {
  "order.total": "Order total",
  "order.tags": "Order tags",
};

async function said(one: Partial<Compared>, language = "en"): Promise<string> {
  await i18n.loadLanguages(language);
  const whole: Compared = {
    ...{ field: "order.total", operator: ">", left: "976.48", right: "1000" },
    ...{ holds: false, quantifier: null, ...one },
  };
  const t = i18n.getFixedT(language, "run");
  return comparisonSentence(whole, {
    t,
    formats: formatsOf(language, "UTC"),
    phrase: (path) => PHRASES[path] ?? path,
  });
}

it("shows the values that were really compared", async () => {
  expect(await said({})).toBe("Order total is 976.48, which is not above 1,000");
  expect(await said({ operator: "<=", holds: true })).toBe(
    "Order total is 976.48, which is at most 1,000",
  );
});

it("says of a list how many of its entries fit", async () => {
  const tags = { field: "order.tags", operator: "=", left: ["VIP", "new"], right: "old" };
  expect(await said({ ...tags, quantifier: "any" })).toBe(
    "Order tags is VIP, new, of which none equals old",
  );
});

it("says what is missing, and dates as dates", async () => {
  expect(await said({ left: null })).toBe("Order total has no value, so it is not above 1,000");
  expect(await said({ left: null, operator: "null", right: null, holds: true })).toBe(
    "Order total is empty",
  );
  expect(await said({ left: "2026-11-22", right: "2026-12-01" })).toBe(
    "Order total is Nov 22, 2026, which is not after Dec 1, 2026",
  );
});
