import { MantineProvider } from "@mantine/core";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { i18n, startTexts } from "@/i18n";
import { saveBeforeLeaving } from "@/ui/leaving";

import { UpdateNotice } from "./UpdateNotice";

const page = (script: string) =>
  new Response(`<html><script type="module" crossorigin src="${script}"></script></html>`);

beforeAll(async () => {
  if (!i18n.isInitialized) await startTexts();
});

beforeEach(() => {
  const script = document.createElement("script");
  script.type = "module";
  script.setAttribute("src", "/assets/index-old.js");
  document.head.append(script);
  return () => script.remove();
});

afterEach(() => vi.restoreAllMocks());

function missAPart(reload = () => undefined as unknown): void {
  render(
    <MantineProvider>
      <UpdateNotice reload={reload} />
    </MantineProvider>,
  );
  window.dispatchEvent(new Event("vite:preloadError"));
}

test("a missing part of an older page asks to load it again, and saves the work before", async () => {
  vi.spyOn(window, "fetch").mockResolvedValue(page("/assets/index-new.js"));
  const deeds: string[] = [];
  const forget = saveBeforeLeaving(() => Promise.resolve(void deeds.push("saved")));
  missAPart(() => deeds.push("loaded again"));
  expect(await screen.findByRole("alert")).toHaveTextContent("Cartwheel was updated");
  await userEvent.click(screen.getByRole("button", { name: "Load again" }));
  await waitFor(() => expect(deeds).toEqual(["saved", "loaded again"]));
  forget();
});

test("a part that does not come because the network is gone says nothing of an update", async () => {
  const looked = vi.spyOn(window, "fetch").mockRejectedValue(new TypeError("Failed to fetch"));
  missAPart();
  await waitFor(() => expect(looked).toHaveBeenCalled());
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a page that is the server's own says nothing", async () => {
  const looked = vi.spyOn(window, "fetch").mockResolvedValue(page("/assets/index-old.js"));
  missAPart();
  await waitFor(() => expect(looked).toHaveBeenCalled());
  expect(screen.queryByRole("alert")).toBeNull();
});
