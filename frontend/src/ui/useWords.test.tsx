import { act, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";

import { i18n, startTexts } from "@/i18n";
import { useLanguage, useWords } from "@/i18n/useWords";

afterEach(() => i18n.changeLanguage("en"));

function Word() {
  const t = useWords("common");
  return `${useLanguage()}: ${t("status.waiting")}`;
}

test("words and language change with the reader's choice, texts that had to be fetched too", async () => {
  await startTexts();
  render(<Word />);
  expect(screen.getByText("en: Waiting")).toBeInTheDocument();
  await act(() => i18n.changeLanguage("pl"));
  expect(await screen.findByText(`pl: ${i18n.t("status.waiting")}`)).toBeInTheDocument();
  expect(i18n.t("status.waiting")).not.toBe("Waiting");
});
