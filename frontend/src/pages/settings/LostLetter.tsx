import { Group, Text } from "@mantine/core";
import { IconMailOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { NoticeReader } from "@/api/notices";
import { useFormats } from "@/ui/formats";

interface Props {
  letter: NonNullable<NoticeReader["lost_letter"]>;
  /** The reader's address, for a letter that did not come so far as to have one. */
  email: string | null;
}

/** Which letter did not arrive, why, and what is to be done. */
export function LostLetter({ letter: { status, to, at, error }, email }: Props) {
  const { t } = useTranslation("settings");
  const { full } = useFormats();
  return (
    <Group gap={6} pl={30} wrap="nowrap" align="flex-start" role="status">
      <IconMailOff size={18} color="var(--cw-bad)" aria-hidden style={{ flex: "none" }} />
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        <strong>{t(`letters.lost.${status}`, { to: to ?? email ?? "", when: full(at) })}</strong>{" "}
        {error} {t(`letters.lost.${status}Text`)}
      </Text>
    </Group>
  );
}
