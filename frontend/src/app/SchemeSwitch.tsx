import { ActionIcon, Tooltip, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

const NEXT = { auto: "light", light: "dark", dark: "auto" } as const;
const PICTURE = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon };
const WORDS = { auto: "scheme.auto", light: "scheme.light", dark: "scheme.dark" } as const;

/** Goes round: like the system, light, dark. */
export function SchemeSwitch({ small }: { small: boolean }) {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Picture = PICTURE[colorScheme];
  const words = t(WORDS[colorScheme]);
  return (
    <Tooltip label={words} position="right">
      <ActionIcon
        variant="subtle"
        color="gray"
        size={40}
        mx={small ? "auto" : 0}
        aria-label={words}
        onClick={() => setColorScheme(NEXT[colorScheme])}
      >
        <Picture size={20} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}
