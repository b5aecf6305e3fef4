import "@/i18n/later/start";

import { Skeleton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { templatesQuery } from "@/api/start";
import type { Template } from "@/api/types";
import { Asked } from "@/ui/Asked";
import { EmptyState } from "@/ui/EmptyState";
import { Page } from "@/ui/Page";

import { TemplateCards } from "./TemplateCards";

/** Every workflow to begin with. */
export function TemplatesPage() {
  const { t } = useTranslation("start");
  const { resolvedLanguage: language = "en" } = useTranslation().i18n;
  const query = useQuery(templatesQuery);
  const [search, setSearch] = useState("");
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
      <Asked query={query} outline={<Skeleton height={190} radius="lg" />}>
        {(templates) => (
          <Found templates={templates.filter((one) => isAbout(one, language, search))} />
        )}
      </Asked>
    </Page>
  );
}

function Found({ templates }: { templates: readonly Template[] }) {
  const { t } = useTranslation("start");
  if (templates.length > 0) return <TemplateCards templates={templates} />;
  return (
    <EmptyState icon={IconSearch} title={t("templates.none")}>
      {t("templates.noneText")}
    </EmptyState>
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
