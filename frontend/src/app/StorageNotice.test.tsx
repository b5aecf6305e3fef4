import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { openApp } from "@/test/app";
import { pretendServer, refusal } from "@/test/server";

it("says that the storage is full and what to do about it", async () => {
  pretendServer({ "GET /readyz": refusal(503, "storage_full", "", { database: "full" }) });
  await openApp("/workflows");
  expect(await screen.findByText("The storage is full")).toBeVisible();
  expect(screen.getByText(/Free some space on the server/)).toBeVisible();
});
