import { isObject, type Json } from "@/graph/values";
import type { VariableType } from "@/graph/variables";

export type Combinator = "and" | "or";
export type Quantifier = "any" | "all" | "none";

export interface Rule {
  readonly field: string;
  readonly operator: string;
  readonly value?: Json;
  readonly quantifier?: Quantifier;
  /** Anything else that the tree holds is kept. */
  readonly [key: string]: Json | undefined;
}

export interface RuleGroup {
  readonly combinator: Combinator;
  readonly not?: boolean;
  readonly rules: readonly (Rule | RuleGroup)[];
}

export const EMPTY_RULES: RuleGroup = { combinator: "and", rules: [] };

export const OPERATORS = [
  "=",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "contains",
  "doesNotContain",
  "beginsWith",
  "doesNotBeginWith",
  "endsWith",
  "doesNotEndWith",
  "in",
  "notIn",
  "between",
  "notBetween",
  "null",
  "notNull",
  "matches",
  "doesNotMatch",
] as const;

export type Operator = (typeof OPERATORS)[number];

const ORDERED: readonly Operator[] = [
  ">",
  ">=",
  "<",
  "<=",
  "=",
  "!=",
  "between",
  "null",
  "notNull",
];
const TEXTUAL: readonly Operator[] = [
  "=",
  "!=",
  "contains",
  "doesNotContain",
  "beginsWith",
  "endsWith",
  "in",
  "notIn",
  "null",
  "notNull",
  "matches",
];

const BY_TYPE: Readonly<Record<VariableType, readonly Operator[]>> = {
  text: TEXTUAL,
  number: ORDERED,
  money: ORDERED,
  date: [">", "<", "between", "null", "notNull"],
  boolean: ["=", "null", "notNull"],
  list: ["contains", "doesNotContain", "null", "notNull"],
  object: ["null", "notNull"],
  any: OPERATORS,
};

/** The operators that make sense for the type, and the one in use although it does not. */
export function operatorsFor(type: VariableType, current: string): readonly string[] {
  const fitting: readonly string[] = BY_TYPE[type];
  return current === "" || fitting.includes(current) ? fitting : [...fitting, current];
}

/** How many values an operator compares with. */
export function valueCount(operator: string): "none" | "one" | "two" | "several" {
  if (operator === "null" || operator === "notNull") return "none";
  if (operator === "between" || operator === "notBetween") return "two";
  return operator === "in" || operator === "notIn" ? "several" : "one";
}

export function isGroup(member: Rule | RuleGroup): member is RuleGroup {
  return "rules" in member;
}

/** Reads whatever stands in the config; what is no rule is left out. */
export function readRules(value: Json | undefined): RuleGroup {
  if (!isObject(value) || !Array.isArray(value.rules)) return EMPTY_RULES;
  return {
    ...(value as unknown as RuleGroup),
    combinator: value.combinator === "or" ? "or" : "and",
    rules: (value.rules as readonly Json[]).flatMap(readMember),
  };
}

function readMember(member: Json): readonly (Rule | RuleGroup)[] {
  if (!isObject(member)) return [];
  if ("rules" in member) return [readRules(member)];
  const { field, operator } = member;
  return [
    {
      ...member,
      field: typeof field === "string" ? field : "",
      operator: typeof operator === "string" ? operator : "=",
    },
  ];
}

/** The values of a rule as a list, also where they were written `a, b`. */
export function valuesOf(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return value.map(textOf);
  if (value === undefined || value === null || value === "") return [];
  return typeof value === "string" ? value.split(",").map((part) => part.trim()) : [textOf(value)];
}

export function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
