import "@/i18n/later/editor";

import { Textarea, type TextareaProps } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Json } from "@/api/types";

interface Props extends Omit<TextareaProps, "value" | "onChange"> {
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
}

/** JSON to edit as text. What does not parse stays here, with a sentence, and changes nothing. */
export function JsonText({ value, onChange, ...rest }: Props) {
  const { t } = useTranslation("editor");
  const [draft, setDraft] = useState<string | null>(null);
  const written = value === undefined ? "" : JSON.stringify(value, null, 2);
  const change = (text: string): void => {
    const parsed = parse(text);
    setDraft(text);
    if (parsed !== FAULTY) onChange(parsed);
  };
  const text = draft ?? written;
  return (
    <Textarea
      autosize
      minRows={6}
      maxRows={18}
      spellCheck={false}
      {...rest}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
      value={text}
      error={parse(text) === FAULTY ? t("json.faulty") : rest.error}
      onChange={(event) => change(event.currentTarget.value)}
      onBlur={(event) => {
        if (parse(text) !== FAULTY) setDraft(null);
        rest.onBlur?.(event);
      }}
    />
  );
}

const FAULTY = Symbol("not JSON");

function parse(text: string): Json | undefined | typeof FAULTY {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return FAULTY;
  }
}
