import type { TFunction } from "i18next";

import type { VariableType } from "@/graph/variables";

import {
  isGroup,
  type Operator,
  OPERATORS,
  type Rule,
  type RuleGroup,
  textOf,
  valueCount,
  valuesOf,
} from "../fields/rules";

export interface SentenceWords {
  readonly t: TFunction<"editor">;
  /** "Order total" for `order.total`. */
  readonly phrase: (path: string) => string;
  readonly typeOf: (path: string) => VariableType | undefined;
}

/** "Order total is above 100 and customer tags contain VIP". */
export function rulesSentence(group: RuleGroup, words: SentenceWords): string {
  const parts = group.rules.map((member) =>
    isGroup(member) ? `(${rulesSentence(member, words)})` : ruleSentence(member, words),
  );
  const joined = parts.join(` ${words.t(`rules.joined.${group.combinator}`)} `);
  return group.not ? words.t("rules.reversed", { sentence: joined }) : joined;
}

function ruleSentence(rule: Rule, words: SentenceWords): string {
  const { t, phrase, typeOf } = words;
  const subject = rule.field === "" ? "…" : phrase(rule.field);
  const counted = rule.quantifier ? `${t(`rules.quantifier.${rule.quantifier}`)} ` : "";
  const values = valueCount(rule.operator) === "several" ? valuesOf(rule.value).join(", ") : "";
  const value = values || plainValue(rule, words);
  return `${counted}${subject} ${operatorWords(t, rule.operator, typeOf(rule.field))} ${value}`.trim();
}

export function operatorWords(
  t: TFunction<"editor">,
  operator: string,
  type?: VariableType,
): string {
  if (type === "date" && (operator === "<" || operator === ">")) {
    return t(`rules.dateOperator.${operator}`);
  }
  return isOperator(operator) ? t(`rules.operator.${operator}`) : operator;
}

function isOperator(operator: string): operator is Operator {
  return (OPERATORS as readonly string[]).includes(operator);
}

function plainValue(rule: Rule, { t, phrase }: SentenceWords): string {
  const kind = valueCount(rule.operator);
  if (kind === "none") return "";
  if (kind === "two") return valuesOf(rule.value).join(` ${t("rules.joined.and")} `);
  if (rule.valueSource === "field" && typeof rule.value === "string") return phrase(rule.value);
  if (typeof rule.value === "boolean") return t(rule.value ? "rules.yes" : "rules.no");
  return textOf(rule.value);
}
