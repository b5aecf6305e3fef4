/** What a text writes where a value is empty: Liquid's `default`, with words of the merchant's. */
const FALLBACK = /\|\s*default:\s*(?:"([^"]*)"|'([^']*)')\s*-?\}\}$/;

/** The words in a placeholder such as `{{ customer.first_name | default: "there" }}`. */
export function fallbackIn(placeholder: string): string | null {
  const found = FALLBACK.exec(placeholder);
  return found ? (found[1] ?? found[2] ?? "") : null;
}

const ASKED = /\{\{ ([\w.]+) \| default: "…" \}\}/;

/** The value for which the server asks for other words, in whatever language it asks. */
export function askedFor(fix: string | null | undefined): string | null {
  return ASKED.exec(fix ?? "")?.[1] ?? null;
}

/** The text with these words wherever `path` is empty; what has words already keeps them. */
export function withFallback(text: string, path: string, words: string): string {
  const plain = new RegExp(
    `(\\{\\{-?\\s*${path.replaceAll(".", "\\.")})(?=\\s*(?:\\||-?\\}\\}))`,
    "g",
  );
  // A text in Liquid ends at its own quotation mark: the other kind of it stands inside.
  const quoted = words.includes('"') ? `'${words.replaceAll("'", "’")}'` : `"${words}"`;
  return text.replaceAll(plain, (placeholder: string, start: string, at: number) =>
    hasFallback(text.slice(at)) ? placeholder : `${start} | default: ${quoted}`,
  );
}

const hasFallback = (placeholder: string): boolean => /^\{\{[^}]*\|\s*default:/.test(placeholder);
