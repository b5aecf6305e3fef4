import "@/i18n/later/editor";

import { ActionIcon, Button, Group, Input, Select, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { JsonObject } from "@/api/types";
import { type FieldProps, useForm } from "@/ui/schema-form/form";
import { asList, asObject } from "@/api/json";
import { asText } from "@/ui/schema-form/widgets/TextField";
import { without } from "@/graph/values";
import { findVariable, type Variable } from "@/graph/variables";

import { operatorWords } from "../summary/ruleWords";
import { type Rule } from "./rules";
import { RuleValue } from "./RuleValue";
import classes from "./Rules.module.css";
import { useStepVariables } from "./stepVariables";

/** The ways out of a switch: each a value to compare with and a name for the canvas. */
export function CasesField(props: FieldProps) {
  const { label, description, error, required, disabled, schema, onChange, onBlur } = props;
  const { t } = useTranslation("editor");
  const cases = asList(props.value).map(asObject);
  const variable = useDecidingVariable();
  const operators = schema.items?.properties?.operator?.enum?.map(String) ?? ["="];
  const set = (next: JsonObject[]): void => onChange(next.length === 0 ? undefined : next);
  return (
    <Input.Wrapper
      label={label}
      description={description}
      error={error}
      withAsterisk={required}
      labelElement="div"
      role="group"
      aria-label={label}
      onBlur={onBlur}
    >
      <div style={{ marginTop: 6 }}>
        {cases.map((item, index) => (
          <CaseEditor
            key={asText(item.id)}
            item={item}
            number={index + 1}
            variable={variable}
            operators={operators}
            disabled={disabled}
            onChange={(next) => set(cases.with(index, next))}
            onRemove={() => set(cases.toSpliced(index, 1))}
          />
        ))}
        {!disabled && cases.length < (schema.maxItems ?? Infinity) && (
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => set([...cases, newCase(cases)])}
          >
            {t("cases.add")}
          </Button>
        )}
      </div>
    </Input.Wrapper>
  );
}

/** The value that the cases are compared with: the variable chosen beside them. */
function useDecidingVariable(): Variable | undefined {
  const { value } = useForm();
  return findVariable(useStepVariables(), asText(value.field));
}

/** Edges hold on to a case by its id, so an id is never used twice nor changed. */
function newCase(cases: readonly JsonObject[]): JsonObject {
  const taken = new Set(cases.map((item) => item.id));
  let number = cases.length + 1;
  while (taken.has(`case_${number}`)) number += 1;
  return { id: `case_${number}`, value: "" };
}

interface CaseProps {
  item: JsonObject;
  number: number;
  variable: Variable | undefined;
  operators: readonly string[];
  disabled: boolean;
  onChange: (item: JsonObject) => void;
  onRemove: () => void;
}

function CaseEditor({
  item,
  number,
  variable,
  operators,
  disabled,
  onChange,
  onRemove,
}: CaseProps) {
  const { t } = useTranslation("editor");
  const rule: Rule = {
    field: "",
    operator: asText(item.operator) || "=",
    ...(item.value === undefined ? {} : { value: item.value }),
  };
  const changeRule = ({ operator, value = "" }: Rule): void =>
    onChange({ ...item, operator, value: value });
  return (
    <div className={classes.case} role="group" aria-label={t("cases.number", { number })}>
      <CaseHead number={number} onRemove={disabled ? undefined : onRemove} />
      <div className={classes.comparison}>
        <Select
          size="sm"
          disabled={disabled}
          aria-label={t("ruleForm.operatorName")}
          allowDeselect={false}
          data={operators.map((value) => ({
            value,
            label: operatorWords(t, value, variable?.type),
          }))}
          value={rule.operator}
          onChange={(operator) => operator && changeRule({ ...rule, operator })}
        />
        <RuleValue
          rule={rule}
          variable={variable}
          disabled={disabled}
          mayUseField={false}
          onChange={changeRule}
        />
      </div>
      <TextInput
        size="sm"
        mt={6}
        disabled={disabled}
        label={t("cases.label")}
        value={asText(item.label)}
        onChange={(event) => onChange(labelled(item, event.currentTarget.value))}
      />
    </div>
  );
}

interface HeadProps {
  number: number;
  onRemove: (() => void) | undefined;
}

function CaseHead({ number, onRemove }: HeadProps) {
  const { t } = useTranslation("editor");
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm" fw={600}>
        {t("cases.number", { number })}
      </Text>
      {onRemove && (
        <ActionIcon
          variant="subtle"
          color="gray"
          onClick={onRemove}
          aria-label={t("cases.remove", { number })}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      )}
    </Group>
  );
}

function labelled(item: JsonObject, label: string): JsonObject {
  return label === "" ? without(item, "label") : { ...item, label };
}
