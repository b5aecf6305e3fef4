import "@/i18n/later/editor";

import { Loader, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { FieldProps } from "@/ui/schema-form/form";

import { useChoices } from "./useChoices";

interface Props {
  form: FieldProps;
  from: string;
}

/** Under a text with variables: what the connected app knows, to be taken as it is. */
export function OfferedText({ form, from }: Props) {
  const { t } = useTranslation("editor");
  const { found, isAsking, search, setSearch } = useChoices(from);
  const isUseless = found.items.length === 0 && search === "";
  if (form.disabled || isUseless) return null;
  return (
    <Select
      mt={6}
      size="xs"
      searchable
      aria-label={t("choices.for", { field: form.label })}
      placeholder={t("choices.choose")}
      nothingFoundMessage={t("choices.none")}
      data={found.items}
      filter={({ options }) => options}
      searchValue={search}
      onSearchChange={setSearch}
      rightSection={isAsking ? <Loader size={14} /> : undefined}
      value={null}
      onChange={(value) => value !== null && form.onChange(value)}
    />
  );
}
