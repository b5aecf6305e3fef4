import "@/i18n/later/start";

import { Skeleton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { templatesQuery } from "@/api/start";
import type { Template } from "@/api/types";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Page } from "@/ui/Page";

import { TemplateCards } from "./TemplateCards";

/** Every workflow to begin with. */
export function TemplatesPage() {
  const { t } = useTranslation("start");
  const { resolvedLanguage: language = "en" } = useTranslation().i18n;
  const { data, error, refetch } = useQuery(templatesQuery);
  const [search, setSearch] = useState("");
  const found = data?.filter((template) => isAbout(template, language, search));
  return (
    <Page title={t("templates.title")} lead={t("templates.lead")}>
      <TextInput
        type="search"
        aria-label={t("templates.search")}
        placeholder={t("templates.search")}
        leftSection={<IconSearch size={16} aria-hidden />}
        maw={360}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {error && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!found && !error && <Skeleton height={190} radius="lg" />}
      {found && found.length > 0 && <TemplateCards templates={found} />}
      {found?.length === 0 && (
        <EmptyState icon={IconSearch} title={t("templates.none")}>
          {t("templates.noneText")}
        </EmptyState>
      )}
    </Page>
  );
}

/** Whether every word of the search stands somewhere in what the template says of itself. */
function isAbout(template: Template, language: string, search: string): boolean {
  const words = { ...template, ...template.translations[language] };
  const { search_words: foreign } = template.translations[language] ?? {};
  const own = Array.isArray(foreign) ? foreign.map(String) : [];
  const told = [words.label, words.description, ...template.search, ...own, template.channel ?? ""]
    .join(" ")
    .toLocaleLowerCase();
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => told.includes(word));
}
