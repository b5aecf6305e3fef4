import { CompletionContext } from "@codemirror/autocomplete";
import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";

import type { Variable } from "@/graph/variables";

import { variableGroups } from "./chips";
import { variablesAt } from "./variableCompletion";

function variable(path: string, labels: string[], sample: string): Variable {
  return { path, labels, sample, type: "text", mayBeEmpty: false, list: null, choices: [] };
}

const groups = [
  {
    path: "customer",
    label: "Customer",
    variables: [
      variable("customer.email", ["Customer", "E-mail"], "lena@example.com"),
      variable("customer.first_name", ["Customer", "First name"], "Lena"),
    ],
  },
];

function offered(text: string, explicit = false) {
  const state = EditorState.create({ doc: text, extensions: variableGroups.of(groups) });
  const result = variablesAt(new CompletionContext(state, text.length, explicit));
  return result?.options.map((option) => [option.label, option.detail]) ?? null;
}

test.each(["@", "{", "Hi {{ ", "Hi @"])("“%s” offers every variable with its sample", (text) => {
  expect(offered(text)).toEqual([
    ["Customer → E-mail", "lena@example.com"],
    ["Customer → First name", "Lena"],
  ]);
});

test("what is typed after it narrows the list", () => {
  expect(offered("Hi @first")).toEqual([["Customer → First name", "Lena"]]);
  expect(offered("{{ customer.em")).toEqual([["Customer → E-mail", "lena@example.com"]]);
});

test("an e-mail address and plain words ask for nothing", () => {
  expect(offered("info@shop")).toBeNull();
  expect(offered("Hello")).toBeNull();
});

test("the button asks anywhere", () => {
  expect(offered("Hello ", true)).toHaveLength(2);
});
