import { Button, Group, Paper, Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { type Batch, batchesQuery, STEERING, useUnderwayChange } from "@/api/underway";
import { useFormats } from "@/ui/formats";
import { useNotify } from "@/ui/notify";
import { Time } from "@/ui/Time";

const MOST_SHOWN = 3;

/** The last starts by the batch, with how far they have come. */
export function Batches({ workflowId }: { workflowId: string }) {
  const { data: batches = [] } = useQuery(batchesQuery(workflowId));
  if (batches.length === 0) return null;
  return (
    <Stack gap="xs">
      {batches.slice(0, MOST_SHOWN).map((batch) => (
        <BatchLine key={batch.id} batch={batch} />
      ))}
    </Stack>
  );
}

/** How far one batch has come, and buttons to steer it. */
export function BatchLine({ batch }: { batch: Batch }) {
  const { t } = useTranslation("underway");
  const { number } = useFormats();
  const { status, started, total } = batch;
  const words = t("batch.progress", { started: number(started), total: number(total) });
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" gap="sm">
        <Text size="sm" fw={600}>
          {t(`batch.status.${status}`)} · {words}
        </Text>
        <Text size="sm" c="dimmed">
          <Time at={batch.created_at} />
        </Text>
      </Group>
      {(status === "running" || status === "paused") && (
        <>
          <Progress
            my="xs"
            aria-label={words}
            value={total === 0 ? 0 : (started / total) * 100}
            animated={status === "running"}
          />
          <Steering batch={batch} />
        </>
      )}
      {batch.reason && <Text size="sm">{batch.reason}</Text>}
    </Paper>
  );
}

function Steering({ batch }: { batch: Batch }) {
  const { t } = useTranslation("underway");
  const notify = useNotify();
  const { mutate, isPending } = useUnderwayChange(
    (deed: keyof typeof STEERING) => STEERING[deed](batch.id),
    { onError: notify.failed },
  );
  const deeds =
    batch.status === "running" ? (["pause", "stop"] as const) : (["resume", "stop"] as const);
  return (
    <Group gap="xs">
      {deeds.map((deed) => (
        <Button
          key={deed}
          size="xs"
          variant="default"
          loading={isPending}
          onClick={() => mutate(deed)}
        >
          {t(`batch.${deed}`)}
        </Button>
      ))}
    </Group>
  );
}
