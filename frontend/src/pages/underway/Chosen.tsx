import "@/i18n/later/underway";

import { Button, Group, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useDisclosure } from "@mantine/hooks";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

import type { Selection } from "@/api/underway";
import { orLater } from "@/ui/orLater";

const StartManyDialog = lazy(async () => ({
  default: (await orLater(() => import("./StartManyDialog"))).StartManyDialog,
}));

interface Props {
  ids: ReadonlySet<string>;
  /** What is chosen: events, or runs whose events are meant. */
  kind: "event_ids" | "run_ids";
  onClear: () => void;
}

/** What can be done with the ticked rows; nothing while none is ticked. */
export function Chosen({ ids, kind, onClear }: Props) {
  const { t } = useTranslation("underway");
  const [opened, { open, close }] = useDisclosure();
  if (ids.size === 0) return null;
  const chosen: Selection = { [kind]: [...ids] };
  return (
    <Group gap="sm">
      <Text size="sm" c="dimmed">
        {t("waits.chosen", { count: ids.size })}
      </Text>
      <Button size="xs" leftSection={<IconPlayerPlay size={14} aria-hidden />} onClick={open}>
        {t("start.chosen")}
      </Button>
      <Button size="xs" variant="default" onClick={onClear}>
        {t("start.clear")}
      </Button>
      {opened && (
        <Suspense>
          <StartManyDialog chosen={chosen} onClose={close} />
        </Suspense>
      )}
    </Group>
  );
}
