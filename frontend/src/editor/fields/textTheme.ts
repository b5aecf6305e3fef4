import { EditorView } from "@codemirror/view";

/** CodeMirror in the clothes of the other inputs. */
export const textTheme = EditorView.theme({
  "&": { fontSize: "14px", color: "var(--cw-text)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "24px" },
  ".cm-content": { padding: "5px 0", caretColor: "var(--cw-text)" },
  ".cm-line": { padding: "0 10px" },
  ".cm-placeholder": { color: "var(--cw-text-muted)" },
  ".cm-cursor": { borderLeftColor: "var(--cw-text)" },
  ".cm-chip": {
    padding: "2px 8px",
    fontSize: "12.5px",
    fontWeight: "600",
    color: "var(--cw-brand-text)",
    backgroundColor: "var(--cw-brand-soft)",
    borderRadius: "99px",
    cursor: "default",
  },
  ".cm-chip-unknown": { color: "var(--cw-bad)", backgroundColor: "var(--cw-bad-soft)" },
  ".cm-liquid": { fontFamily: "var(--mantine-font-family-monospace)", color: "var(--cw-info)" },
  ".cm-tooltip.cm-tooltip-autocomplete": {
    overflow: "hidden",
    color: "var(--cw-text)",
    backgroundColor: "var(--cw-surface-raised)",
    border: "1px solid var(--cw-line)",
    borderRadius: "10px",
    boxShadow: "var(--cw-shadow-raised)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "inherit",
    maxHeight: "280px",
    maxWidth: "420px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    gap: "12px",
    justifyContent: "space-between",
    padding: "5px 10px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--cw-brand-text)",
    backgroundColor: "var(--cw-brand-soft)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > completion-section": {
    padding: "6px 10px 3px",
    fontSize: "12px",
    fontWeight: "650",
    color: "var(--cw-text-muted)",
    borderBottom: "0",
  },
  ".cm-completionDetail": {
    overflow: "hidden",
    marginLeft: "0",
    fontStyle: "normal",
    fontSize: "12.5px",
    color: "var(--cw-text-muted)",
    textOverflow: "ellipsis",
  },
  ".cm-completionMatchedText": { textDecoration: "none" },
});
