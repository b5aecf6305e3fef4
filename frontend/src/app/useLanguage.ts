import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import { nearestLanguage } from "@/i18n";

/** Speaks the shop's language, as far as the screen knows it. */
export function useLanguage(): void {
  const { i18n } = useTranslation();
  const language = nearestLanguage(useSession().workspace.locale);
  useEffect(() => {
    document.documentElement.lang = language;
    void i18n.changeLanguage(language);
  }, [i18n, language]);
}
