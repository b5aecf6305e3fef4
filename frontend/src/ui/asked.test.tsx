import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, test, vi } from "vitest";

import { i18n, startTexts } from "@/i18n";

import { Asked, together } from "./Asked";

beforeAll(async () => {
  if (!i18n.isInitialized) await startTexts();
});

const query = (data: string | undefined, error: Error | null, refetch = vi.fn()) => ({
  data,
  error,
  refetch,
});

function show(one: ReturnType<typeof query>, other = query("Sandbox", null)): void {
  render(
    <MantineProvider>
      <Asked query={together(one, other)} outline="…">
        {([first, second]) => `${first}, ${second}`}
      </Asked>
    </MantineProvider>,
  );
}

test("what was shown stays when a later question fails, and says quietly that it may be old", async () => {
  const refetch = vi.fn();
  show(query("Shopify", new Error("gone"), refetch));
  expect(screen.getByText("Shopify, Sandbox")).toBeVisible();
  expect(screen.queryByRole("alert")).toBeNull();
  expect(screen.getByRole("status")).toHaveTextContent("could not be refreshed");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(refetch).toHaveBeenCalledOnce();
});

test("what was never there says why", () => {
  show(query("Shopify", null), query(undefined, new Error("gone")));
  expect(screen.getByRole("alert")).toBeVisible();
});
