import approvals from "./locales/en/approvals.json";
import command from "./locales/en/command.json";
import common from "./locales/en/common.json";
import connections from "./locales/en/connections.json";
import editor from "./locales/en/editor.json";
import events from "./locales/en/events.json";
import form from "./locales/en/form.json";
import outbox from "./locales/en/outbox.json";
import run from "./locales/en/run.json";
import runs from "./locales/en/runs.json";
import session from "./locales/en/session.json";
import settings from "./locales/en/settings.json";
import start from "./locales/en/start.json";
import underway from "./locales/en/underway.json";
import tables from "./locales/en/tables.json";
import workflows from "./locales/en/workflows.json";

/** The complete language: the others fall back to it, and its keys are the typed ones. */
export const english = {
  approvals,
  command,
  common,
  connections,
  editor,
  events,
  form,
  outbox,
  run,
  runs,
  session,
  settings,
  start,
  underway,
  tables,
  workflows,
};
