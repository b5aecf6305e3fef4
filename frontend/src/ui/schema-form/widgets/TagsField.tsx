import { TagsInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { FieldProps } from "../form";
import { frameOf } from "./frame";

export function TagsField(props: FieldProps) {
  const { t } = useTranslation("form");
  const { schema, value, onChange, onBlur } = props;
  const texts = Array.isArray(value) ? value.map(String) : [];
  return (
    <TagsInput
      {...frameOf(props)}
      placeholder={texts.length === 0 ? t("tags.placeholder") : undefined}
      data={schema.items?.enum?.map(String) ?? []}
      maxTags={schema.maxItems}
      acceptValueOnBlur
      value={texts}
      onChange={(next) => onChange(next.length === 0 ? undefined : next)}
      onBlur={onBlur}
    />
  );
}
