import { NumberInput } from "@mantine/core";
import { type ClipboardEvent, type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { typeOf } from "../schema";
import type { FieldProps } from "../form";
import { frameOf } from "./frame";

/** A number. It has no place for variables, and says so to whoever tries to write one. */
export function NumberField(props: FieldProps) {
  const { t } = useTranslation("form");
  const { schema, value, onChange, onBlur } = props;
  const [wantsVariable, setWantsVariable] = useState(false);
  const frame = frameOf(props);
  const usual = schema.default;
  return (
    <NumberInput
      {...frame}
      error={wantsVariable ? t("noVariables") : frame.error}
      allowDecimal={typeOf(schema) === "number"}
      allowNegative={(schema.minimum ?? -1) < 0}
      placeholder={typeof usual === "number" ? String(usual) : ""}
      value={typeof value === "number" || typeof value === "string" ? value : ""}
      onKeyDown={(event: KeyboardEvent) => setWantsVariable(["{", "@"].includes(event.key))}
      onPaste={(event: ClipboardEvent) =>
        setWantsVariable(event.clipboardData.getData("text").includes("{{"))
      }
      onChange={(next) => onChange(next === "" ? undefined : next)}
      onBlur={() => {
        setWantsVariable(false);
        onBlur();
      }}
    />
  );
}
