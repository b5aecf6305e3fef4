import { Anchor, Drawer, Group, Skeleton, Stack, Tabs, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { eventQuery, replayEvent } from "@/api/events";
import type { Json, StoredEvent } from "@/api/types";
import { ConfirmButton } from "@/ui/ConfirmButton";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { JsonView } from "@/ui/JsonView";
import { useNotify } from "@/ui/notify";
import { Time } from "@/ui/Time";

import { useEventWords } from "./useEventWords";
import { useSourceWords } from "./useSourceWords";

interface Props {
  id: string | null;
  onClose: () => void;
}

/** One event: its data, what came originally, and the runs that it started. */
export function EventDrawer({ id, onClose }: Props) {
  const { t } = useTranslation(["events", "common"]);
  const { data: event, error } = useQuery({ ...eventQuery(id ?? ""), enabled: id !== null });
  const wordsOf = useEventWords();
  return (
    <Drawer
      opened={id !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={event ? (event.label ?? wordsOf(event.type)) : t("event")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {error && <ErrorNotice error={error} />}
      {!event && !error && <Skeleton height={240} />}
      {event && <EventBody event={event} />}
    </Drawer>
  );
}

function EventBody({ event }: { event: StoredEvent }) {
  const { t } = useTranslation("events");
  const wordsOf = useEventWords();
  const sourceOf = useSourceWords();
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {wordsOf(event.type)} · {sourceOf(event.source)} · <Time at={event.received_at} as="full" />
      </Text>
      {event.duplicate_of && <Text size="sm">{t("duplicateText")}</Text>}
      <ReplayButton id={event.id} />
      <RunLinks ids={event.run_ids} routed={event.routed_at !== null} />
      <Tabs defaultValue="data" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="data">{t("data")}</Tabs.Tab>
          {event.raw !== null && <Tabs.Tab value="raw">{t("raw")}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="data">
          <JsonView value={event.data} />
        </Tabs.Panel>
        <Tabs.Panel value="raw">
          <JsonView value={asJson(event.raw)} open={1} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function ReplayButton({ id }: { id: string }) {
  const { t } = useTranslation("events");
  const client = useQueryClient();
  const notify = useNotify();
  const replay = useMutation({
    mutationFn: () => replayEvent(id),
    onSuccess: () => {
      notify.done(t("replayed"));
      return client.invalidateQueries({ queryKey: ["events"] });
    },
    onError: notify.failed,
  });
  return (
    <Group>
      <ConfirmButton
        variant="default"
        size="xs"
        leftSection={<IconRefresh size={16} aria-hidden />}
        loading={replay.isPending}
        question={t("replay.question")}
        consequence={t("replay.consequence")}
        confirm={t("replay.action")}
        onConfirm={() => replay.mutate()}
      >
        {t("replay.action")}
      </ConfirmButton>
    </Group>
  );
}

function RunLinks({ ids, routed }: { ids: string[]; routed: boolean }) {
  const { t } = useTranslation("events");
  if (!routed) return <Text size="sm">{t("notRouted")}</Text>;
  if (ids.length === 0) return <Text size="sm">{t("noRuns")}</Text>;
  return (
    <Stack gap={4}>
      <Text size="sm">{t("started", { count: ids.length })}</Text>
      {ids.map((id, index) => (
        <Anchor key={id} component={Link} to={`/runs/${id}`} size="sm">
          {t("showRun", { number: index + 1 })}
        </Anchor>
      ))}
    </Stack>
  );
}

/** The original came as text; where it is JSON it can be folded. */
function asJson(raw: Json): Json {
  if (typeof raw !== "string") return raw;
  try {
    return JSON.parse(raw) as Json;
  } catch {
    return { text: raw };
  }
}
