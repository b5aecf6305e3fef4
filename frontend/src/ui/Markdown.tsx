import type { ReactNode } from "react";

import classes from "./Markdown.module.css";

interface Block {
  readonly kind: "heading" | "points" | "numbers" | "text";
  readonly lines: readonly string[];
}

const MARKS: readonly (readonly [Block["kind"], RegExp])[] = [
  ["heading", /^#{1,3}\s+/],
  ["points", /^\s*[-*]\s+/],
  ["numbers", /^\s*\d{1,3}[.)]\s+/],
];

/** Simple markdown: headings, lists, bold, italic, code and links. Everything else stands as it is. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className={classes.text}>
      {blocksOf(text).map((block, index) => (
        <Part key={index} block={block} />
      ))}
    </div>
  );
}

function Part({ block: { kind, lines } }: { block: Block }) {
  const items = lines.map((line, index) => <li key={index}>{inline(line)}</li>);
  if (kind === "points") return <ul>{items}</ul>;
  if (kind === "numbers") return <ol>{items}</ol>;
  // No heading of the page: the note stands in the middle of a drawing.
  if (kind === "heading") return <p className={classes.heading}>{inline(lines.join(" "))}</p>;
  return <p>{inline(lines.join("\n"))}</p>;
}

/** Lines of one kind that follow each other are one block; headings stand alone. */
export function blocksOf(text: string): readonly Block[] {
  const blocks: { kind: Block["kind"]; lines: string[] }[] = [];
  let open: Block["kind"] | null = null;
  for (const line of text.split(/\r?\n/)) {
    const [kind, mark] = MARKS.find(([, pattern]) => pattern.test(line)) ?? ["text" as const, null];
    const bare = mark ? line.replace(mark, "") : line;
    const last = blocks.at(-1);
    if (line.trim() === "") open = null;
    else if (last && open === kind && kind !== "heading") last.lines.push(bare);
    else {
      blocks.push({ kind, lines: [bare] });
      open = kind;
    }
  }
  return blocks;
}

const INLINE =
  /(\*\*[^*\n]+\*\*|\*[^*\s][^*\n]*\*|\b_[^_\n]+_\b|`[^`\n]+`|\[[^\]\n]+\]\(https?:\/\/[^\s)]+\)|https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/;

function inline(text: string): readonly ReactNode[] {
  return text.split(INLINE).map((part, index) => (index % 2 === 0 ? part : styled(part, index)));
}

function styled(part: string, key: number): ReactNode {
  if (part.startsWith("**")) return <strong key={key}>{part.slice(2, -2)}</strong>;
  if (part.startsWith("`")) return <code key={key}>{part.slice(1, -1)}</code>;
  if (part.startsWith("*") || part.startsWith("_")) return <em key={key}>{part.slice(1, -1)}</em>;
  const named = /^\[(.+)\]\((.+)\)$/.exec(part);
  return (
    <a key={key} href={named?.[2] ?? part} target="_blank" rel="noopener noreferrer">
      {named?.[1] ?? part}
    </a>
  );
}
