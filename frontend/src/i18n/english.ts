import { firstEnglish } from "./first";
import connections from "./locales/en/connections.json";
import editorLate from "./locales/en/editor_late.json";
import proofs from "./locales/en/proofs.json";
import rehearsal from "./locales/en/rehearsal.json";
import session from "./locales/en/session.json";
import settings from "./locales/en/settings.json";
import tables from "./locales/en/tables.json";
import underway from "./locales/en/underway.json";
import versions from "./locales/en/versions.json";
import workflows from "./locales/en/workflows.json";
import approvals from "./locales/en/approvals.json";
import asked from "./locales/en/asked.json";
import keys from "./locales/en/keys.json";
import run from "./locales/en/run.json";
import runs from "./locales/en/runs.json";
import start from "./locales/en/start.json";

/** The complete language: the others fall back to it, and its keys are the typed ones. */
export const english = {
  ...firstEnglish,
  editor: { ...firstEnglish.editor, ...editorLate },
  start,
  keys,
  run,
  runs,
  approvals,
  asked,
  connections,
  proofs,
  rehearsal,
  session,
  settings,
  tables,
  underway,
  versions,
  workflows,
};
