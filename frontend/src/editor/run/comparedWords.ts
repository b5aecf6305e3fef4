import type { TFunction } from "i18next";

import { asList, asObject, isObject } from "@/api/json";
import type { Json } from "@/api/types";
import type run from "@/i18n/locales/en/run.json";
import type { Formats } from "@/ui/formats";

/** One comparison of a condition, as the server keeps it in the step's output. */
export interface Compared {
  readonly field: string;
  readonly operator: string;
  readonly left: Json;
  readonly right: Json;
  readonly holds: boolean;
  readonly quantifier: string | null;
}

export interface ComparedWords {
  readonly t: TFunction<"run">;
  readonly formats: Formats;
  /** "Order total" for `order.total`. */
  readonly phrase: (path: string) => string;
}

/** What a step compared; nothing where it is no condition. */
export function comparedIn(output: Json): readonly Compared[] {
  return asList(asObject(output).compared)
    .filter((one) => isObject(one) && typeof one.field === "string")
    .map((one) => one as unknown as Compared);
}

type Saying = keyof typeof run.compared.is;

/** Each operator as one of the sayings, or as its opposite. */
const SAYINGS: Partial<Record<string, readonly [Saying, boolean]>> = {
  "=": ["equal", true],
  "!=": ["equal", false],
  "<": ["below", true],
  "<=": ["atMost", true],
  ">": ["above", true],
  ">=": ["atLeast", true],
  contains: ["contains", true],
  doesNotContain: ["contains", false],
  beginsWith: ["begins", true],
  doesNotBeginWith: ["begins", false],
  endsWith: ["ends", true],
  doesNotEndWith: ["ends", false],
  in: ["oneOf", true],
  notIn: ["oneOf", false],
  between: ["between", true],
  notBetween: ["between", false],
  null: ["empty", true],
  notNull: ["empty", false],
  matches: ["pattern", true],
  doesNotMatch: ["pattern", false],
};

const BY_SIZE = new Set(["<", "<=", ">", ">=", "between", "notBetween"]);

/** "Order total is 976.48, which is not above 1,000", in the reader's language. */
export function comparisonSentence(one: Compared, words: ComparedWords): string {
  const { t } = words;
  const name = one.field ? words.phrase(one.field) : t("compared.entry");
  const value = shown(one.left, one, words);
  if (one.quantifier !== null && Array.isArray(one.left)) {
    const said = saying(one, true, words);
    return t(`compared.${countedKey(one)}`, { name, value, said });
  }
  const said = saying(one, one.holds, words);
  if (one.left !== null) return t("compared.value", { name, value, said });
  return one.operator === "null" || one.operator === "notNull"
    ? t("compared.nothing", { name })
    : t("compared.missing", { name, said });
}

/** All of them in one sentence, those that decided first. */
export function comparisonsSentence(
  all: readonly Compared[],
  holds: boolean,
  words: ComparedWords,
): string {
  const ordered = [...all].sort((a, b) => Number(b.holds === holds) - Number(a.holds === holds));
  return ordered.map((one) => comparisonSentence(one, words)).join("; ");
}

function countedKey({ quantifier, holds }: Compared): "some" | "none" | "each" | "notEach" {
  if (quantifier === "all") return holds ? "each" : "notEach";
  return (quantifier === "none") === holds ? "none" : "some";
}

function saying(one: Compared, holds: boolean, words: ComparedWords): string {
  const { t } = words;
  const [base, truth] = SAYINGS[one.operator] ?? ["equal", true];
  const isTime = isMoment(one.left) && isMoment(one.right);
  const key = isTime ? (TIMES[base] ?? base) : base;
  const [first, second] = Array.isArray(one.right) ? (one.right as Json[]) : [];
  const options = {
    right: shown(one.right, one, words),
    first: shown(first ?? null, one, words),
    second: shown(second ?? null, one, words),
  };
  return t(holds === truth ? `compared.is.${key}` : `compared.isNot.${key}`, options);
}

const TIMES: Partial<Record<Saying, Saying>> = { below: "before", above: "after" };

const isMoment = (value: Json): value is string =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}(T|$)/.test(value);

function shown(value: Json, one: Compared, words: ComparedWords): string {
  if (Array.isArray(value))
    return (value as Json[]).map((each) => shown(each, one, words)).join(", ");
  if (value === null) return words.t("compared.blank");
  if (value === "true") return words.t("compared.yes");
  if (value === "false") return words.t("compared.no");
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (isMoment(text))
    return text.length === 10 ? words.formats.day(text) : words.formats.full(text);
  return BY_SIZE.has(one.operator) ? words.formats.decimal(text) : text;
}
