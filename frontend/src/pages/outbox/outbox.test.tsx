import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { OutboxMessage } from "@/api/types";
import { openApp } from "@/test/app";
import { pretendServer } from "@/test/server";

const message: OutboxMessage = {
  id: "m1",
  channel: "whatsapp",
  to: "+31612345678",
  subject: null,
  text: "Thank you, Noor!",
  html: null,
  created_at: "2026-11-20T08:00:00Z",
  run_id: "r1",
  node_id: "n1",
  workflow_id: "w1",
  workflow_name: "Thank big spenders",
};

function hold(...items: OutboxMessage[]) {
  pretendServer({ "GET /api/outbox": { items, next: null } });
}

describe("the outbox", () => {
  it("shows a chat with everything that the same customer got before", async () => {
    hold(message, { ...message, id: "m0", text: "You left something behind." });
    await openApp("/outbox");

    const chat = await screen.findByRole("list", { name: "Conversation" });
    expect(chat).toHaveTextContent(/You left something behind.*Thank you, Noor!/);
  });

  it("draws the HTML of a mail in a frame that may do nothing", async () => {
    const html = "<p>Hello</p><script>parent.stolen = 1</script>";
    hold({ ...message, channel: "email", subject: "Your order", html });
    await openApp("/outbox");

    const frame = await screen.findByTitle("Content of the e-mail");
    expect(frame).toHaveAttribute("sandbox", "");
    expect(frame).toHaveAttribute("srcdoc", expect.stringContaining("<p>Hello</p>"));
    expect(document.querySelector("script")).toBeNull();
  });

  it("leads to the run that wrote the message", async () => {
    hold(message);
    await openApp("/outbox");

    expect(await screen.findByRole("link", { name: "Show the run" })).toHaveAttribute(
      "href",
      "/runs/r1",
    );
  });
});
