import { Input } from "@mantine/core";

import type { Json } from "@/api/types";
import type { FieldProps } from "@/ui/schema-form/form";

import { RuleGroupEditor } from "./RuleGroupEditor";
import { readRules } from "./rules";
import { Warnings } from "./Warnings";

/** Conditions that read as sentences, in groups of "all of these" and "any of these". */
export function RulesField(props: FieldProps) {
  const { label, description, error, required, disabled, onChange, onBlur, problems } = props;
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
      <RuleGroupEditor
        group={readRules(props.value)}
        pointer={props.pointer}
        problems={problems}
        disabled={disabled}
        onChange={(group) => onChange(group as unknown as Json)}
      />
      <Warnings problems={problems} />
    </Input.Wrapper>
  );
}
