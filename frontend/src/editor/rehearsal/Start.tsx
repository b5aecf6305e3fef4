import { Button, Group, Progress, Select, Text } from "@mantine/core";
import { IconPlayerPlayFilled, IconPlayerStopFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";

import type { Rehearser } from "./rehearser";
import { kindOf, SCOPES } from "./scopes";

/** What to rehearse with, and how far it has come. */
export function Start({ rehearser }: { rehearser: Rehearser }) {
  const { t } = useTranslation("rehearsal");
  const { scope, isRunning, outcome } = useStore(rehearser.state);
  const names: Record<ReturnType<typeof kindOf>["kind"], (count: number) => string> = {
    days: (count) => t("scope.days", { count }),
    last: (count) => t("scope.last", { count }),
  };
  return (
    <Group gap="sm" align="flex-end">
      <Select
        w={{ base: "100%", xs: 330 }}
        aria-label={t("scope.name")}
        allowDeselect={false}
        disabled={isRunning}
        data={SCOPES.map((value) => {
          const { kind, count } = kindOf(value);
          return { value, label: names[kind](count) };
        })}
        value={scope}
        onChange={(value) => value !== null && rehearser.choose(value)}
      />
      {isRunning ? (
        <Button
          variant="default"
          leftSection={<IconPlayerStopFilled size={15} aria-hidden />}
          onClick={() => rehearser.stop()}
        >
          {t("stop")}
        </Button>
      ) : (
        <Button
          data-autofocus
          leftSection={<IconPlayerPlayFilled size={15} aria-hidden />}
          onClick={() => void rehearser.start()}
        >
          {t(outcome ? "again" : "start")}
        </Button>
      )}
      {isRunning && <Running compared={outcome?.compared ?? 0} total={outcome?.total ?? 0} />}
    </Group>
  );
}

function Running({ compared, total }: { compared: number; total: number }) {
  const { t } = useTranslation("rehearsal");
  return (
    <div style={{ flex: "1 1 200px" }}>
      <Text size="sm" c="dimmed" mb={4}>
        {total === 0 ? t("begins") : t("progress", { compared, total })}
      </Text>
      <Progress.Root size="sm">
        <Progress.Section
          aria-label={t("progressName")}
          value={total === 0 ? 0 : (100 * compared) / total}
        />
      </Progress.Root>
    </div>
  );
}
