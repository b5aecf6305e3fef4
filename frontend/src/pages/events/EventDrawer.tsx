import { Anchor, Drawer, Group, Skeleton, Stack, Tabs, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { eventQuery, replayEvent } from "@/api/events";
import { happeningsQuery } from "@/api/runs";
import type { Json, StoredEvent } from "@/api/types";
import { WhyNot } from "@/pages/runs/Unanswered";
import { ConfirmButton } from "@/ui/ConfirmButton";
import { Asked } from "@/ui/Asked";
import { JsonView } from "@/ui/JsonView";
import { useNotify } from "@/ui/notify";
import { StatusBadge } from "@/ui/StatusBadge";
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
  const query = useQuery({ ...eventQuery(id ?? ""), enabled: id !== null });
  const { data: event } = query;
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
      <Asked query={query} outline={<Skeleton height={240} />}>
        {(found) => <EventBody event={found} />}
      </Asked>
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
      <ReplayButton id={event.id} />
      <RunLinks event={event} />
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

/** The runs that it started, each with its last word; why there are none, or none of a workflow. */
function RunLinks({ event }: { event: StoredEvent }) {
  const { t } = useTranslation("events");
  const { data } = useQuery(happeningsQuery(event.id));
  const known = data?.items.find(({ id }) => id === event.id);
  if (event.routed_at === null) return <Text size="sm">{t("notRouted")}</Text>;
  if (event.run_ids.length === 0)
    return <Text size="sm">{known ? <WhyNot happening={known} /> : t("noRuns")}</Text>;
  return (
    <Stack gap="xs">
      <Text size="sm">{t("started", { count: event.run_ids.length })}</Text>
      {known?.runs.map((run) => (
        <Group key={run.id} gap="sm" wrap="nowrap" align="flex-start">
          <StatusBadge status={run.status} />
          <div>
            <Anchor component={Link} to={`/runs/${run.id}`} size="sm">
              {run.workflow_name}
            </Anchor>
            <Text size="sm" c="dimmed">
              {run.words}
            </Text>
          </div>
        </Group>
      ))}
      {known && (
        <Text size="sm" c="dimmed">
          <WhyNot happening={known} />
        </Text>
      )}
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
