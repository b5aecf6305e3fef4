import { ActionIcon, Select, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { FieldProblem } from "@/ui/schema-form/form";
import { without } from "@/graph/values";
import { findVariable, type Variable } from "@/graph/variables";

import { operatorWords } from "../summary/ruleWords";
import { operatorsFor, type Quantifier, type Rule, valueCount } from "./rules";
import { RuleValue } from "./RuleValue";
import classes from "./Rules.module.css";
import { sampleWords } from "./sampleWords";
import { useStepVariables } from "./stepVariables";
import { VariableSelect } from "./VariableSelect";

interface Props {
  rule: Rule;
  pointer: string;
  problems: readonly FieldProblem[];
  disabled: boolean;
  onChange: (rule: Rule) => void;
  onRemove: () => void;
}

/** One condition: "Order → Total" "is above" "100", with what the sample has for it. */
export function RuleEditor({ rule, pointer, problems, disabled, onChange, onRemove }: Props) {
  const { t } = useTranslation("editor");
  const variable = findVariable(useStepVariables(), rule.field);
  const faults = problems.filter(
    ({ field, severity }) => field.startsWith(pointer) && severity !== "warning",
  );
  return (
    <div className={classes.rule}>
      <div className={classes.row}>
        <VariableSelect
          flex={1}
          size="sm"
          path={rule.field}
          disabled={disabled}
          aria-label={t("ruleForm.field")}
          onChoose={(field) => onChange({ ...rule, field, ...fresh(rule, field) })}
        />
        {!disabled && (
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={onRemove}
            aria-label={t("ruleForm.remove")}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        )}
      </div>
      <Comparison rule={rule} variable={variable} disabled={disabled} onChange={onChange} />
      <SampleHint variable={variable} />
      {faults.map(({ message, fix }) => (
        <Text key={message} size="xs" c="var(--cw-bad)" mt={4}>
          {[message, fix].filter(Boolean).join(" ")}
        </Text>
      ))}
    </div>
  );
}

/** A comparison made for another field seldom makes sense for the new one. */
function fresh(rule: Rule, field: string): Partial<Rule> {
  return rule.field === "" || rule.field === field ? {} : { operator: "=", value: "" };
}

type ComparisonProps = Pick<Props, "rule" | "disabled" | "onChange"> & {
  variable: Variable | undefined;
};

function Comparison({ rule, variable, disabled, onChange }: ComparisonProps) {
  const { t } = useTranslation("editor");
  if (rule.match !== undefined) {
    return (
      <Text size="sm" c="dimmed">
        {t("ruleForm.nested")}
      </Text>
    );
  }
  const choose = (operator: string): void => onChange(withOperator(rule, operator));
  return (
    <div className={classes.comparison}>
      {variable?.list && <QuantifierSelect rule={rule} disabled={disabled} onChange={onChange} />}
      <Select
        size="sm"
        disabled={disabled}
        aria-label={t("ruleForm.operatorName")}
        allowDeselect={false}
        data={operatorsFor(variable?.type ?? "any", rule.operator).map((operator) => ({
          value: operator,
          label: operatorWords(t, operator, variable?.type),
        }))}
        value={rule.operator}
        onChange={(operator) => operator && choose(operator)}
      />
      <RuleValue rule={rule} variable={variable} disabled={disabled} onChange={onChange} />
    </div>
  );
}

/** Keeps the value where the new operator can use it. */
function withOperator(rule: Rule, operator: string): Rule {
  const count = valueCount(operator);
  if (count === valueCount(rule.operator)) return { ...rule, operator };
  const rest: Rule = { ...without(rule, "value", "valueSource"), operator, field: rule.field };
  return count === "none" ? rest : { ...rest, value: count === "one" ? "" : [] };
}

const QUANTIFIERS: readonly Quantifier[] = ["any", "all", "none"];

function QuantifierSelect({ rule, disabled, onChange }: Omit<ComparisonProps, "variable">) {
  const { t } = useTranslation("editor");
  return (
    <Select
      size="sm"
      disabled={disabled}
      aria-label={t("ruleForm.quantifierName")}
      allowDeselect={false}
      data={QUANTIFIERS.map((value) => ({ value, label: t(`rules.quantifier.${value}`) }))}
      value={rule.quantifier ?? "any"}
      onChange={(quantifier) => quantifier && onChange({ ...rule, quantifier })}
    />
  );
}

function SampleHint({ variable }: { variable: Variable | undefined }) {
  const { t } = useTranslation("editor");
  const words = sampleWords(variable?.sample);
  if (words === "") return null;
  return (
    <Text size="xs" c="dimmed" mt={4}>
      {t("ruleForm.sample", { value: words })}
    </Text>
  );
}
