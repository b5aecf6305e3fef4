import { Anchor, Checkbox, Group, Text } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { usePollInterval } from "@/api/stream";
import {
  type Deed,
  endWaits,
  useUnderwayChange,
  type WaitingRun,
  waitingQuery,
} from "@/api/underway";
import { Awaited } from "@/ui/Awaited";
import { ConfirmButton } from "@/ui/ConfirmButton";
import { EmptyState } from "@/ui/EmptyState";
import { Listing } from "@/ui/Listing";
import { useNotify } from "@/ui/notify";
import { Row, Rows, RowTick } from "@/ui/Rows";
import { Time } from "@/ui/Time";

const COLUMNS = "28px minmax(0, 1.2fr) minmax(0, 1fr) minmax(0, 1.2fr)";

interface Props {
  workflowId: string;
  nodeId: string | null;
  names: ReadonlyMap<string, string>;
}

const keyOf = ({ run_id, token_id }: WaitingRun): string => `${run_id}:${token_id}`;

/** Who waits at which step until when, and ways to end chosen waits, or all of them. */
export function Waits({ workflowId, nodeId, names }: Props) {
  const { t } = useTranslation("underway");
  const query = useInfiniteQuery({
    ...waitingQuery(workflowId, nodeId),
    refetchInterval: usePollInterval(),
  });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const listed = query.data?.pages.flatMap((page) => page.items) ?? [];
  const places = listed.filter((wait) => chosen.has(keyOf(wait)));
  const toggle = (wait: WaitingRun) => {
    const next = new Set(chosen);
    if (!next.delete(keyOf(wait))) next.add(keyOf(wait));
    setChosen(next);
  };
  return (
    <Listing query={query} empty={<Nobody />}>
      {(waits) => (
        <>
          <Deeds
            workflowId={workflowId}
            nodeId={nodeId}
            places={places.length > 0 ? places : null}
            onDone={() => setChosen(new Set())}
          />
          <Rows label={t("waits.title")}>
            {waits.map((wait) => (
              <WaitRow
                key={keyOf(wait)}
                wait={wait}
                step={names.get(wait.node_id) ?? wait.node_id}
                isChosen={chosen.has(keyOf(wait))}
                onToggle={() => toggle(wait)}
              />
            ))}
          </Rows>
        </>
      )}
    </Listing>
  );
}

function Nobody() {
  const { t } = useTranslation("underway");
  return (
    <EmptyState icon={IconClock} title={t("waits.nobody")}>
      {t("waits.nobodyText")}
    </EmptyState>
  );
}

interface RowProps {
  wait: WaitingRun;
  step: string;
  isChosen: boolean;
  onToggle: () => void;
}

function WaitRow({ wait, step, isChosen, onToggle }: RowProps) {
  const { t } = useTranslation("underway");
  const name = wait.label ?? wait.contact ?? t("waits.nameless");
  return (
    <Row columns={COLUMNS}>
      <RowTick>
        <Checkbox aria-label={t("waits.choose", { name })} checked={isChosen} onChange={onToggle} />
      </RowTick>
      <div>
        <Anchor component={Link} to={`/runs/${wait.run_id}`} c="var(--cw-text)" fw={600}>
          {name}
        </Anchor>
        {wait.label && wait.contact && (
          <Text size="sm" c="dimmed" truncate>
            {wait.contact}
          </Text>
        )}
      </div>
      <Text size="sm" truncate>
        {step}
      </Text>
      <div>
        <Text size="sm">
          <Awaited waitsFor={wait.waits_for} until={wait.until} />
        </Text>
        {wait.since && (
          <Text size="sm" c="dimmed">
            {t("waits.since")} <Time at={wait.since} />
          </Text>
        )}
      </div>
    </Row>
  );
}

const DEEDS: readonly Deed[] = ["release", "skip", "cancel"];

interface DeedsProps {
  workflowId: string;
  nodeId: string | null;
  /** The chosen waits; `null`: all. */
  places: readonly WaitingRun[] | null;
  onDone: () => void;
}

function Deeds({ workflowId, nodeId, places, onDone }: DeedsProps) {
  const { t } = useTranslation("underway");
  const notify = useNotify();
  const { mutate, isPending } = useUnderwayChange(endWaits, {
    onSuccess: ({ ended, words }) => {
      notify.done([t("waits.ended", { count: ended }), words].filter(Boolean).join(" "));
      onDone();
    },
    onError: notify.failed,
  });
  const act = (deed: Deed) => mutate({ id: workflowId, deed, places, nodeId });
  return (
    <Group gap="sm">
      <Text size="sm" c="dimmed">
        {places ? t("waits.chosen", { count: places.length }) : t("waits.all")}
      </Text>
      {DEEDS.map((deed) => (
        <ConfirmButton
          key={deed}
          size="xs"
          variant="default"
          loading={isPending}
          question={
            places
              ? t(`waits.${deed}.question`, { count: places.length })
              : t(`waits.${deed}.questionAll`)
          }
          consequence={t(`waits.${deed}.consequence`)}
          confirm={t(`waits.${deed}.action`)}
          onConfirm={() => act(deed)}
        >
          {t(`waits.${deed}.action`)}
        </ConfirmButton>
      ))}
    </Group>
  );
}
