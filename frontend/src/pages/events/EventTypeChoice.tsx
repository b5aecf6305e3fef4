import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useNodeTypes } from "@/api/catalog";

import { useEventWords } from "./useEventWords";

interface Props {
  /** Kinds that came in, besides those that the triggers know. */
  seen: readonly string[];
  value: string | null;
  onChange: (type: string | null) => void;
}

/** One kind of event, or all of them. */
export function EventTypeChoice({ seen, value, onChange }: Props) {
  const { t } = useTranslation("events");
  const wordsOf = useEventWords();
  const { data: types = [] } = useNodeTypes();
  const known = types.flatMap(({ event_type: type }) =>
    type && !type.startsWith("$") ? [type] : [],
  );
  const all = [...new Set([...known, ...seen, ...(value ? [value] : [])])];
  return (
    <Select
      aria-label={t("kind")}
      placeholder={t("kind")}
      clearable
      searchable
      w={{ base: "100%", xs: 300 }}
      data={all.map((type) => ({ value: type, label: wordsOf(type) }))}
      value={value}
      onChange={onChange}
    />
  );
}
