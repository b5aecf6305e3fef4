import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import { languageFor, rememberLanguage } from "@/i18n/reading";

/** Speaks the reader's language; what the server said in another one is asked for again. */
export function useLanguage(): void {
  const { i18n } = useTranslation();
  const client = useQueryClient();
  const language = languageFor(useSession().workspace.locale);
  useEffect(() => {
    const renew = (now: string) => {
      document.documentElement.lang = now;
      void renewAll(client);
    };
    i18n.on("languageChanged", renew);
    if (i18n.language === language) document.documentElement.lang = language;
    else void i18n.changeLanguage(language);
    return () => i18n.off("languageChanged", renew);
  }, [i18n, client, language]);
}

/** Asks for everything again. What is still awaited for the first time was asked for in the former
 * language, and is asked for once more when it has come. */
async function renewAll(client: QueryClient): Promise<void> {
  const first = client
    .getQueryCache()
    .findAll({ fetchStatus: "fetching", predicate: ({ state }) => state.data === undefined });
  await Promise.all([
    client.invalidateQueries(),
    ...first.map(async ({ promise, queryKey }) => {
      await promise?.catch(() => undefined);
      await client.invalidateQueries({ queryKey, exact: true });
    }),
  ]);
}

/** The present language, and a way to choose another; no reload is needed. */
export function useLanguageChoice(): [string, (language: string) => void] {
  const { i18n } = useTranslation();
  const choose = useCallback(
    (language: string) => {
      rememberLanguage(language);
      void i18n.changeLanguage(language);
    },
    [i18n],
  );
  return [i18n.resolvedLanguage ?? "en", choose];
}
