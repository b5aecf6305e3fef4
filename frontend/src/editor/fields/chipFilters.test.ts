import { expect, test } from "vitest";

import { pathOfPlaceholder } from "@/graph/variables";

import { filterIn } from "./chipFilters";

test("a filter that says how a value is written leaves a placeholder that a chip stands for", () => {
  const texts = {
    "{{ order.total | money }}": "money",
    '{{ order.created_at | date: "long" }}': "date",
    '{{customer.first_name|upcase|default: "you"}}': "upcase",
  };
  for (const [text, filter] of Object.entries(texts)) {
    const found = filterIn(text);
    expect(found?.filter).toBe(filter);
    expect(pathOfPlaceholder(found?.plain ?? "")).toMatch(/^(order|customer)\.\w+$/);
  }
});

test("what else happens to a value stays visible as code", () => {
  for (const text of [
    "{{ order.total }}",
    "{{ order.total | times: 2 }}",
    "{{ order.total | times: 2 | money }}",
    "{{ order.total | money | upcase }}",
    '{{ order.name | replace: "#", "" }}',
  ])
    expect(filterIn(text)).toBeNull();
});
