import "@/i18n/later/editor";

import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import { localeChoices } from "@/ui/locales";

interface Props {
  /** `null` while nobody chose: then messages are written as the shop writes. */
  value: string | null;
  onChange: (locale: string) => void;
}

/** In whose way a test's messages write dates, numbers and money. */
export function WrittenFor({ value, onChange }: Props) {
  const { t } = useTranslation("editor");
  const { workspace } = useSession();
  const shown = value ?? workspace.locale;
  return (
    <Select
      size="xs"
      w={210}
      aria-label={t("test.writtenFor")}
      title={t("test.writtenFor")}
      allowDeselect={false}
      searchable
      data={localeChoices(shown)}
      value={shown}
      onChange={(locale) => locale !== null && onChange(locale)}
    />
  );
}
