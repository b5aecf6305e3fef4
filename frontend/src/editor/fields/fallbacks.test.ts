import { expect, test } from "vitest";

import { askedFor, fallbackIn, withFallback } from "./fallbacks";

test("a placeholder tells what it writes where its value is empty", () => {
  expect(fallbackIn('{{ customer.first_name | default: "there" }}')).toBe("there");
  expect(fallbackIn("{{ customer.first_name | default: 'say \"hi\"' }}")).toBe('say "hi"');
  expect(fallbackIn("{{ customer.first_name }}")).toBeNull();
});

test("the words go to every place of the value that has none, and to no other value", () => {
  const text =
    '{{ customer.name }}, {{customer.name | upcase}}, {{ customer.name | default: "you" }}, {{ customer.name_2 }}';
  expect(withFallback(text, "customer.name", "friend")).toBe(
    '{{ customer.name | default: "friend" }}, {{customer.name | default: "friend" | upcase}}, ' +
      '{{ customer.name | default: "you" }}, {{ customer.name_2 }}',
  );
  expect(withFallback("{{ a.b }}", "a.b", `the "best" one's`)).toBe(
    `{{ a.b | default: 'the "best" one’s' }}`,
  );
});

test("the server asks for one value, in any language", () => {
  const path = "customer.first_name";
  for (const words of ["Say what to write instead", "Podaj, co napisać zamiast tego"])
    expect(askedFor(`${words}: {{ ${path} | default: "…" }}.`)).toBe(path);
  expect(askedFor("Choose another one.")).toBeNull();
  expect(askedFor(null)).toBeNull();
});
