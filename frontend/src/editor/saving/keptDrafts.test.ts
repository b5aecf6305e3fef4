// @vitest-environment jsdom

import { beforeEach, expect, test, vi } from "vitest";

import { EMPTY_GRAPH } from "@/graph/values";

import type { KeptDraft } from "./keptDrafts";

const drawn = (name: string): KeptDraft => ({
  graph: { ...EMPTY_GRAPH, settings: { name } },
  revision: 1,
});

/** The locks of a browser: a name is one page's until that page is gone. */
const held = new Set<string>();
const locks = {
  request: (name: string, _: unknown, granted: () => Promise<never>) => {
    if (held.has(name)) return Promise.reject(new DOMException("", "TimeoutError"));
    held.add(name);
    return granted();
  },
  query: () => Promise.resolve({ held: [...held].map((name) => ({ name })) }),
};

beforeEach(() => {
  held.clear();
  localStorage.clear();
  sessionStorage.clear();
  vi.stubGlobal("navigator", { locks });
  return () => vi.unstubAllGlobals();
});

/** A page in a tab that remembers this name; without one the tab is new. */
async function page(tab?: string) {
  sessionStorage.clear();
  if (tab !== undefined) sessionStorage.setItem("cartwheel.tab", tab);
  vi.resetModules();
  const drafts = await import("./keptDrafts");
  const found = await drafts.keptDraft("w1");
  const name = sessionStorage.getItem("cartwheel.tab") ?? "";
  return { ...drafts, found, name, leave: () => held.delete(`cartwheel.tab.${name}`) };
}

test("a tab that saves leaves what another tab could not save where it is", async () => {
  const first = await page();
  first.keepDraft("w1", drawn("mine"));
  const other = await page();
  expect(other.found).toBeNull();
  other.keepDraft("w1", drawn("theirs"));
  other.dropDraft("w1");
  first.leave();
  expect((await page(first.name)).found).toEqual(drawn("mine"));
});

test("a duplicated tab is a tab of its own", async () => {
  const original = await page();
  original.keepDraft("w1", drawn("mine"));
  const copy = await page(original.name);
  expect(copy.found).toBeNull();
  expect(copy.name).not.toBe(original.name);
  copy.keepDraft("w1", drawn("theirs"));
  copy.dropDraft("w1");
  original.leave();
  expect((await page(original.name)).found).toEqual(drawn("mine"));
});

test("what a tab left that died goes to the one that opens the workflow next, once", async () => {
  const dying = await page();
  dying.keepDraft("w1", drawn("mine"));
  dying.leave();
  expect((await page()).found).toEqual(drawn("mine"));
  expect((await page()).found).toBeNull();
});
