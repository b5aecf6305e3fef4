import { ActionIcon, Group, Select, TagsInput, TextInput, Tooltip } from "@mantine/core";
import { IconBraces, IconCursorText } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { without } from "@/graph/values";
import type { Variable } from "@/graph/variables";

import { type Rule, textOf, valueCount, valuesOf } from "./rules";
import { VariableSelect } from "./VariableSelect";

interface Props {
  rule: Rule;
  variable: Variable | undefined;
  disabled: boolean;
  /** Whether another value may be compared with, instead of a written one. */
  mayUseField?: boolean;
  onChange: (rule: Rule) => void;
}

/** What a condition compares with, in the input that fits the operator and the type. */
export function RuleValue(props: Props) {
  const { rule, disabled, mayUseField = true } = props;
  switch (valueCount(rule.operator)) {
    case "none":
      return null;
    case "two":
      return <TwoValues {...props} />;
    case "several":
      return <SeveralValues {...props} />;
    default:
      return (
        <Group gap={4} wrap="nowrap">
          {rule.valueSource === "field" ? <OtherField {...props} /> : <OneValue {...props} />}
          {!disabled && mayUseField && <SourceSwitch {...props} />}
        </Group>
      );
  }
}

function OneValue({ rule, variable, disabled, onChange }: Props) {
  const { t } = useTranslation("editor");
  const set = (value: string | boolean): void => onChange({ ...rule, value });
  const shared = { size: "sm", flex: 1, disabled, "aria-label": t("ruleForm.value") } as const;
  if (variable?.type === "boolean") {
    return (
      <Select
        {...shared}
        allowDeselect={false}
        data={[
          { value: "true", label: t("rules.yes") },
          { value: "false", label: t("rules.no") },
        ]}
        value={rule.value === "" || rule.value === undefined ? null : textOf(rule.value)}
        onChange={(chosen) => set(chosen === "true")}
      />
    );
  }
  if (variable && variable.choices.length > 0) {
    const data = variable.choices.map(textOf);
    return (
      <Select
        {...shared}
        data={data}
        value={textOf(rule.value)}
        onChange={(one) => set(one ?? "")}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      type={variable?.type === "date" ? "date" : "text"}
      inputMode={isAmount(variable) ? "decimal" : "text"}
      placeholder={isAmount(variable) ? "100" : undefined}
      value={textOf(rule.value)}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

const isAmount = (variable: Variable | undefined): boolean =>
  variable?.type === "money" || variable?.type === "number";

function OtherField({ rule, disabled, onChange }: Props) {
  const { t } = useTranslation("editor");
  return (
    <VariableSelect
      flex={1}
      size="sm"
      disabled={disabled}
      aria-label={t("ruleForm.otherField")}
      path={textOf(rule.value)}
      onChoose={(value) => onChange({ ...rule, value })}
    />
  );
}

/** Between a value written here and another field's. */
function SourceSwitch({ rule, onChange }: Props) {
  const { t } = useTranslation("editor");
  const isField = rule.valueSource === "field";
  const words = t(isField ? "ruleForm.compareValue" : "ruleForm.compareField");
  const change = (): void => {
    const { field, operator } = rule;
    const rest: Rule = { ...without(rule, "valueSource"), field, operator, value: "" };
    onChange(isField ? rest : { ...rest, valueSource: "field" });
  };
  return (
    <Tooltip label={words}>
      <ActionIcon variant="subtle" color="gray" onClick={change} aria-label={words}>
        {isField ? <IconCursorText size={16} aria-hidden /> : <IconBraces size={16} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}

function TwoValues({ rule, disabled, onChange }: Props) {
  const { t } = useTranslation("editor");
  const [low = "", high = ""] = valuesOf(rule.value);
  const shared = { size: "sm", flex: 1, disabled } as const;
  return (
    <Group gap="xs" wrap="nowrap">
      <TextInput
        {...shared}
        aria-label={t("ruleForm.lowest")}
        value={low}
        onChange={(event) => onChange({ ...rule, value: [event.currentTarget.value, high] })}
      />
      {t("rules.joined.and")}
      <TextInput
        {...shared}
        aria-label={t("ruleForm.highest")}
        value={high}
        onChange={(event) => onChange({ ...rule, value: [low, event.currentTarget.value] })}
      />
    </Group>
  );
}

function SeveralValues({ rule, variable, disabled, onChange }: Props) {
  const { t } = useTranslation("editor");
  return (
    <TagsInput
      size="sm"
      disabled={disabled}
      aria-label={t("ruleForm.values")}
      placeholder={t("ruleForm.valuesHint")}
      data={variable?.choices.map(textOf) ?? []}
      value={[...valuesOf(rule.value)]}
      onChange={(value) => onChange({ ...rule, value })}
    />
  );
}
