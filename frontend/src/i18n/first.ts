import command from "./locales/en/command.json";
import common from "./locales/en/common.json";
import editor from "./locales/en/editor.json";
import events from "./locales/en/events.json";
import form from "./locales/en/form.json";
import outbox from "./locales/en/outbox.json";

/** The English that travels with the first screen; `later/` comes with the pages that speak it. */
export const firstEnglish = {
  command,
  common,
  editor,
  events,
  form,
  outbox,
};

/** Namespaces of pages that few visits open. Each such page imports its `later/` first of all. */
export const LATER = [
  "approvals",
  "asked",
  "connections",
  "keys",
  "proofs",
  "rehearsal",
  "run",
  "runs",
  "session",
  "settings",
  "start",
  "tables",
  "underway",
  "versions",
  "workflows",
] as const;
