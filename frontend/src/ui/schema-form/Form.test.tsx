import { MantineProvider } from "@mantine/core";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeAll, describe, expect, it } from "vitest";

import type { JsonObject } from "@/api/types";
import { startTexts } from "@/i18n";

import type { FieldProblem, FieldProps, Widgets } from "./form";
import type { FieldSchema } from "./schema";
import { Form } from "./Form";

beforeAll(() => startTexts());

let latest: JsonObject = {};

interface Options {
  value?: JsonObject;
  problems?: FieldProblem[];
  widgets?: Widgets;
  showAll?: boolean;
  secretsSet?: Record<string, boolean>;
}

function Host({ schema, value = {}, ...rest }: Options & { schema: FieldSchema }) {
  const [current, setCurrent] = useState(value);
  const change = (next: JsonObject) => {
    latest = next;
    setCurrent(next);
  };
  return <Form schema={schema} value={current} onChange={change} {...rest} />;
}

function show(schema: FieldSchema, options: Options = {}) {
  render(
    <MantineProvider env="test">
      <Host schema={schema} {...options} />
    </MantineProvider>,
  );
  return userEvent.setup();
}

const object = (properties: Record<string, FieldSchema>, more: FieldSchema = {}): FieldSchema => ({
  type: "object",
  properties,
  ...more,
});

describe("a schema form", () => {
  it("puts the fields in the order the schema names", () => {
    show(
      object({
        last: { title: "Last", "x-order": 2 },
        first: { title: "First", "x-order": 1 },
        free: { title: "Free" },
      }),
    );
    const labels = screen.getAllByText(/^(First|Last|Free)$/).map((label) => label.textContent);
    expect(labels).toEqual(["First", "Last", "Free"]);
  });

  it("writes what is typed and takes an emptied field out of the value", async () => {
    const user = show(object({ to: { type: "string", title: "To" } }), { value: { kept: 1 } });
    await user.type(screen.getByLabelText("To"), "a@b.c");
    expect(latest).toEqual({ kept: 1, to: "a@b.c" });
    await user.clear(screen.getByLabelText("To"));
    expect(latest).toEqual({ kept: 1 });
  });

  it("shows a field only while its neighbour has the value it waits for", async () => {
    const user = show(
      object({
        kind: { type: "string", enum: ["text", "page"], title: "Kind" },
        page: { type: "string", title: "Page", "x-show-if": { kind: "page" } },
      }),
      { value: { kind: "text" } },
    );
    expect(screen.queryByLabelText("Page")).toBeNull();
    await user.click(screen.getByRole("combobox", { name: "Kind" }));
    await user.click(await screen.findByRole("option", { name: "Page" }));
    expect(screen.getByLabelText("Page")).toBeVisible();
  });

  it("keeps several chosen values in the order they are offered", async () => {
    const days = {
      enum: ["mon", "tue", "sun"],
      "x-labels": { mon: "Mon", tue: "Tue", sun: "Sun" },
    };
    const on = { type: "array", title: "On", "x-widget": "choices", items: days };
    const user = show(object({ on }), { value: { on: ["sun"] } });
    await user.click(screen.getByRole("checkbox", { name: "Mon" }));
    expect(latest).toEqual({ on: ["mon", "sun"] });
    await user.click(screen.getByRole("checkbox", { name: "Sun" }));
    expect(latest).toEqual({ on: ["mon"] });
  });

  it("takes hours and minutes for a time of day", () => {
    const at = { type: "string", format: "time-of-day", title: "At" };
    show(object({ at }), { value: { at: "08:30" }, showAll: true });
    expect(screen.getByLabelText("At")).toBeValid();
    expect(screen.getByLabelText("At")).toHaveAttribute("type", "time");
  });

  it("keeps quiet about an empty required field until it was left", async () => {
    const user = show(object({ to: { type: "string", title: "To" } }, { required: ["to"] }));
    expect(screen.queryByText("This is needed.")).toBeNull();
    await user.click(screen.getByRole("textbox", { name: /To/ }));
    await user.tab();
    expect(screen.getByText("This is needed.")).toBeVisible();
    expect(screen.getByRole("textbox", { name: /To/ })).toBeInvalid();
  });

  it("shows every error at once when asked to", () => {
    show(object({ a: { type: "string" }, b: { type: "string" } }, { required: ["a", "b"] }), {
      showAll: true,
    });
    expect(screen.getAllByText("This is needed.")).toHaveLength(2);
  });

  it("names the fault of a value that does not fit", async () => {
    const user = show(object({ mail: { type: "string", format: "email", title: "Mail" } }));
    await user.type(screen.getByLabelText("Mail"), "nobody");
    await user.tab();
    expect(screen.getByText(/not an e-mail address/)).toBeVisible();
  });

  it("offers nobody what only steps of before may hold", async () => {
    const target = { enum: ["contact", "customer"], "x-former": ["customer"], title: "Target" };
    const user = show(object({ target }), { value: { target: "customer" }, showAll: true });
    expect(screen.getByLabelText("Target", { selector: "input" })).toBeValid();
    await user.click(screen.getByLabelText("Target", { selector: "input" }));
    expect(screen.getAllByRole("option")).toHaveLength(1);
  });

  it("does not judge a text with variables before it is filled", async () => {
    const user = show(
      object({ mail: { type: "string", format: "email", title: "Mail", "x-template": true } }),
    );
    await user.type(screen.getByLabelText("Mail"), "{{{{ customer.email }}");
    await user.tab();
    expect(latest).toEqual({ mail: "{{ customer.email }}" });
    expect(screen.queryByText(/not an e-mail address/)).toBeNull();
  });

  it("shows the server's problem beside its field with the way to mend it", () => {
    show(object({ text: { type: "string", title: "Text" } }), {
      value: { text: "Hello" },
      problems: [{ field: "/text", message: "No such variable.", fix: "Use first_name." }],
      showAll: true,
    });
    expect(screen.getByText("No such variable. Use first_name.")).toBeVisible();
  });

  it("never shows a saved secret and lets it be replaced", async () => {
    const user = show(object({ token: { type: "string", title: "Token", "x-secret": true } }), {
      secretsSet: { token: true },
    });
    expect(screen.queryByLabelText("Token")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Replace" }));
    await user.type(screen.getByLabelText("Token"), "new");
    expect(latest).toEqual({ token: "new" });
    expect(screen.getByLabelText("Token")).toHaveAttribute("type", "password");
  });

  it("collects tags as a list", async () => {
    const user = show(
      object({ tags: { type: "array", items: { type: "string" }, title: "Tags" } }),
    );
    await user.type(screen.getByRole("combobox", { name: "Tags" }), "vip{Enter}new{Enter}");
    expect(latest).toEqual({ tags: ["vip", "new"] });
  });

  it("writes rows of names and values as an object", async () => {
    const user = show(
      object({
        headers: { type: "object", additionalProperties: { type: "string" }, title: "Headers" },
      }),
    );
    await user.click(screen.getByRole("button", { name: "Add a row" }));
    await user.type(screen.getByRole("textbox", { name: "Name" }), "X-Shop");
    await user.type(screen.getByRole("textbox", { name: "Value" }), "7");
    expect(latest).toEqual({ headers: { "X-Shop": "7" } });
  });

  it("adds, orders and removes the entries of a list of objects", async () => {
    const user = show(
      object({
        cases: {
          type: "array",
          title: "Cases",
          items: object({ label: { type: "string", title: "Label" } }),
        },
      }),
      { value: { cases: [{ label: "one" }, { label: "two" }] } },
    );
    const second = screen.getByRole("group", { name: "Entry 2" });
    await user.click(within(second).getByRole("button", { name: "Move up" }));
    expect(latest).toEqual({ cases: [{ label: "two" }, { label: "one" }] });
    const first = screen.getByRole("group", { name: "Entry 1" });
    await user.click(within(first).getByRole("button", { name: "Remove this entry" }));
    expect(latest).toEqual({ cases: [{ label: "one" }] });
  });

  it("lets a form bring its own widget for a hint", async () => {
    const Shout = ({ onChange }: FieldProps) => (
      <button onClick={() => onChange("HEY")} type="button">
        shout
      </button>
    );
    const user = show(object({ text: { type: "string", "x-widget": "shout" } }), {
      widgets: { shout: Shout },
    });
    await user.click(screen.getByRole("button", { name: "shout" }));
    expect(latest).toEqual({ text: "HEY" });
  });

  it("makes the names that a list's entries are held by, and shows nobody", async () => {
    const items = object({ id: { "x-widget": "made-id", title: "Id" }, label: { title: "Label" } });
    const user = show(object({ ways: { type: "array", title: "Ways", items } }), {
      value: { ways: [{ id: "a", label: "Big" }] },
    });
    expect(screen.queryByText("Id")).toBeNull();
    await user.click(screen.getByRole("button", { name: /Add/ }));
    expect(latest).toEqual({
      ways: [
        { id: "a", label: "Big" },
        { id: "b", label: "B" },
      ],
    });
  });
});
