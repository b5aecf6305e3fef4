import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";

import { isObject } from "@/api/json";
import type { Json, JsonObject, Translation } from "@/api/types";

interface Worded {
  label: string;
  description: string;
  translations: Record<string, Translation>;
}

/** Label and description of a node type or an app in the reader's language. */
export function useWords(): (thing: Worded) => { label: string; description: string } {
  const { resolvedLanguage: language = "en" } = useTranslation().i18n;
  return useCallback(
    ({ label, description, translations }) => ({
      label: translations[language]?.label ?? label,
      description: translations[language]?.description ?? description,
    }),
    [language],
  );
}

/** An app's form in the reader's language. */
export function useTranslatedFields(app: Worded & { fields: JsonObject }): JsonObject {
  const { resolvedLanguage: language = "en" } = useTranslation().i18n;
  return useMemo(() => overlaid(app.fields, app.translations[language]?.fields), [app, language]);
}

/** A schema with the words of another language laid over it, wherever they have a place in it. */
export function overlaid(schema: JsonObject, words: Json | undefined): JsonObject {
  if (!isObject(words)) return schema;
  const entries = Object.entries(schema).map(([key, value]): [string, Json] => {
    const word = words[key];
    if (word === undefined) return [key, value];
    return [key, isObject(value) ? overlaid(value, word) : word];
  });
  return Object.fromEntries(entries);
}
