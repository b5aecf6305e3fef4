import { ActionIcon, Menu } from "@mantine/core";
import { IconCheck, IconLanguage } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { LANGUAGES } from "@/i18n";

import { useLanguageChoice } from "./useLanguage";

/** The languages of the screen, each by its own name. */
export function LanguageSwitch({ small }: { small: boolean }) {
  const { t } = useTranslation();
  const [present, choose] = useLanguageChoice();
  return (
    <Menu position="right-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={40}
          mx={small ? "auto" : 0}
          aria-label={t("language")}
          title={t("language")}
        >
          <IconLanguage size={20} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(LANGUAGES).map(([language, name]) => (
          <Menu.Item
            key={language}
            lang={language}
            role="menuitemradio"
            aria-checked={language === present}
            rightSection={language === present && <IconCheck size={16} aria-hidden />}
            onClick={() => choose(language)}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
