import { Input } from "@mantine/core";
import { lazy, Suspense } from "react";

import { orLater } from "@/ui/orLater";
import type { FieldProps } from "@/ui/schema-form/form";
import { asText, placeholderOf } from "@/ui/schema-form/widgets/TextField";

import { withFallback } from "./fallbacks";
import { OfferedText } from "./OfferedText";
import { Warnings } from "./Warnings";
import classes from "./VariableText.module.css";

// The text editor is large and needed only when a step with a text is open.
const VariableEditor = lazy(async () => ({
  default: (await orLater(() => import("./VariableEditor"))).VariableEditor,
}));

export function VariableText(props: FieldProps) {
  return <TextWithVariables {...props} isLong={false} />;
}

export function VariableLongText(props: FieldProps) {
  return <TextWithVariables {...props} isLong />;
}

/** A text in which values of earlier steps stand as chips. */
function TextWithVariables({ isLong, ...props }: FieldProps & { isLong: boolean }) {
  const { id, label, bare, description, required, error, disabled, onChange, onBlur } = props;
  const text = asText(props.value);
  return (
    <Input.Wrapper
      label={bare ? undefined : label}
      description={description}
      error={error}
      withAsterisk={required}
      labelElement="div"
      labelProps={{ id: `${id}-label` }}
      descriptionProps={{ id: `${id}-help` }}
      errorProps={{ id: `${id}-error` }}
    >
      <div data-invalid={error !== undefined}>
        <Suspense fallback={<Waiting text={text} isLong={isLong} />}>
          <VariableEditor
            value={text}
            onChange={(next) => onChange(next === "" ? undefined : next)}
            onBlur={onBlur}
            isLong={isLong}
            disabled={disabled}
            hint={placeholderOf(props)}
            names={namesOf(props, isLong)}
          />
        </Suspense>
      </div>
      {props.schema["x-choices"] !== undefined && (
        <OfferedText form={props} from={props.schema["x-choices"]} />
      )}
      <Warnings
        problems={props.problems}
        {...(disabled ? {} : { fall: (path, words) => onChange(withFallback(text, path, words)) })}
      />
    </Input.Wrapper>
  );
}

function namesOf(props: FieldProps, isLong: boolean): Record<string, string> {
  const { id, bare, label, description, error } = props;
  const describedBy = [description && `${id}-help`, error && `${id}-error`].filter(Boolean);
  return {
    id,
    role: "textbox",
    spellcheck: "true",
    "aria-multiline": String(isLong),
    "aria-required": String(props.required),
    "aria-invalid": String(error !== undefined),
    ...(bare ? { "aria-label": label } : { "aria-labelledby": `${id}-label` }),
    ...(describedBy.length > 0 ? { "aria-describedby": describedBy.join(" ") } : {}),
  };
}

function Waiting({ text, isLong }: { text: string; isLong: boolean }) {
  return (
    <div className={classes.frame} data-long={isLong || undefined} aria-busy>
      <span className={classes.waiting}>{text}</span>
    </div>
  );
}
