import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";

/** Speaks the shop's language, as far as the screen knows it. */
export function useLanguage(): void {
  const { i18n } = useTranslation();
  const { locale } = useSession().workspace;
  useEffect(() => {
    void i18n.changeLanguage(locale).then(() => {
      document.documentElement.lang = i18n.resolvedLanguage ?? "en";
    });
  }, [i18n, locale]);
}
