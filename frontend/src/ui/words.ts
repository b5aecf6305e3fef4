import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import type { Translation } from "@/api/types";

import type { Translate } from "./schema-form/form";

interface Worded {
  label: string;
  description: string;
  translations: Record<string, Translation>;
}

/** Label and description of a node type or an app in the reader's language. */
export function useWords(): (thing: Worded) => { label: string; description: string } {
  const { i18n } = useTranslation();
  const { resolvedLanguage: language = "en" } = i18n;
  return useCallback(
    ({ label, description, translations }) => ({
      label: translations[language]?.label ?? label,
      description: translations[language]?.description ?? description,
    }),
    [language],
  );
}

/** The words of a form's fields, from the translations beside the schema. */
export function useFieldWords(thing: Worded | undefined): Translate {
  const { i18n } = useTranslation();
  const fields = thing?.translations[i18n.resolvedLanguage ?? "en"]?.fields;
  return useCallback((path, word, fallback) => fields?.[path]?.[word] ?? fallback, [fields]);
}
