import type { ReactNode } from "react";

import classes from "./SlackPreview.module.css";

/** As Slack marks its own texts: *bold*, _italic_, ~struck~, `code`, <address|words>. */
const MARKED =
  /((?<![\w*])\*[^*\s](?:[^*\n]*[^*\s])?\*(?![\w*])|(?<![\w_])_[^_\s](?:[^_\n]*[^_\s])?_(?![\w_])|(?<![\w~])~[^~\n]+~(?![\w~])|`[^`\n]+`|<https?:[^>\s|]+(?:\|[^>\n]+)?>|https?:\/\/[^\s<>"]+)/;

/** A Slack message as its readers see it. */
export function SlackText({ text }: { text: string }) {
  return (
    <p className={classes.text}>
      {text.split(MARKED).map((part, index) => (index % 2 === 0 ? part : marked(part, index)))}
    </p>
  );
}

function marked(part: string, key: number): ReactNode {
  const inner = part.slice(1, -1);
  if (part.startsWith("*")) return <strong key={key}>{inner}</strong>;
  if (part.startsWith("_")) return <em key={key}>{inner}</em>;
  if (part.startsWith("~")) return <s key={key}>{inner}</s>;
  if (part.startsWith("`")) return <code key={key}>{inner}</code>;
  const address = part.startsWith("<") ? (inner.split("|")[1] ?? inner) : part;
  return (
    <span key={key} className={classes.link}>
      {address}
    </span>
  );
}
