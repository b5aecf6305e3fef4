import { IconLanguage } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { LANGUAGES } from "@/i18n";

import classes from "./LanguageSwitch.module.css";
import { useLanguageChoice } from "./useLanguage";

/** The languages of the screen, each by its own name; the system's own list, over a sign. */
export function LanguageSwitch() {
  const { t } = useTranslation();
  const [present, choose] = useLanguageChoice();
  return (
    <span className={classes.switch} title={t("language")}>
      <IconLanguage size={20} stroke={1.7} aria-hidden />
      <select
        aria-label={t("language")}
        value={present}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {Object.entries(LANGUAGES).map(([language, name]) => (
          <option key={language} value={language} lang={language}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}
