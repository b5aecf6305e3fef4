import "@/i18n/later/start";

import { ActionIcon, Anchor, Button, Group, Paper, Progress, Text, Title } from "@mantine/core";
import { IconCircle, IconCircleCheckFilled, IconX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";

import { checklistQuery, useChecklistChange } from "@/api/start";
import { onLiveEvent } from "@/api/stream";
import type { FirstStep } from "@/api/types";

import { useDemoShop } from "./DemoShopCard";
import classes from "./Start.module.css";

interface Props {
  /** The workflow that a newcomer works on, once there is one. */
  newest: string | undefined;
}

/** The first steps, ticked off by what really happened; gone once all are, or when put away. */
export function Checklist({ newest }: Props) {
  const { t } = useTranslation("start");
  const { data: list } = useQuery(checklistQuery);
  const change = useChecklistChange();
  useTicking(list?.items.some(({ id, done }) => id === "run" && !done) ?? false);
  if (!list || list.dismissed) return null;
  const done = list.items.filter((item) => item.done).length;
  if (done === list.items.length) return null;
  return (
    <Paper withBorder p="lg" component="section" aria-label={t("checklist.title")}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Title order={2} size="h3">
            {t("checklist.title")}
          </Title>
          <Text size="sm" c="dimmed">
            {t("checklist.done", { done, all: list.items.length })}
          </Text>
        </div>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("checklist.dismiss")}
          onClick={() => change.mutate({ dismissed: true })}
        >
          <IconX size={18} />
        </ActionIcon>
      </Group>
      <Progress
        value={(100 * done) / list.items.length}
        size="sm"
        mt="sm"
        aria-label={t("checklist.progress")}
      />
      <ol className={classes.steps}>
        {list.items.map((item) => (
          <ChecklistStep key={item.id} done={item.done} name={t(`checklist.${item.id}`)}>
            <Way step={item.id} newest={newest} />
          </ChecklistStep>
        ))}
      </ol>
    </Paper>
  );
}

interface StepProps {
  done: boolean;
  name: string;
  /** How to get it done. */
  children: ReactNode;
}

function ChecklistStep({ done, name, children }: StepProps) {
  const { t } = useTranslation("start");
  return (
    <li className={classes.tick} data-done={done || undefined}>
      {done ? (
        <IconCircleCheckFilled size={22} role="img" aria-label={t("checklist.isDone")} />
      ) : (
        <IconCircle size={22} role="img" aria-label={t("checklist.isOpen")} />
      )}
      <span>{name}</span>
      {!done && <span className={classes.way}>{children}</span>}
    </li>
  );
}

function Way({ step, newest }: { step: FirstStep; newest: string | undefined }) {
  const { t } = useTranslation("start");
  if (step === "run") return <DemoWay />;
  const words = t(`checklist.${step}Way`);
  if (step === "shop") return <WayTo to="/connections">{words}</WayTo>;
  if (step === "workflow") return <WayTo to="/templates">{words}</WayTo>;
  return newest ? <WayTo to={`/workflows/${newest}`}>{words}</WayTo> : null;
}

/** A first run needs something to happen: the demo shop sees to that. */
function DemoWay() {
  const { t } = useTranslation("start");
  const { shop, turn, isTurning } = useDemoShop();
  if (!shop || shop.on) return <WayTo to="/runs">{t("checklist.runs")}</WayTo>;
  return (
    <Button size="compact-sm" variant="light" loading={isTurning} onClick={() => turn(true)}>
      {t("demo.open")}
    </Button>
  );
}

function WayTo({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Anchor component={Link} to={to} size="sm">
      {children}
    </Anchor>
  );
}

/** Asks again when something ran, as long as that would tick something off. */
function useTicking(isAwaited: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!isAwaited) return undefined;
    return onLiveEvent(({ kind }) => {
      if (kind === "run") void client.invalidateQueries({ queryKey: checklistQuery.queryKey });
    });
  }, [client, isAwaited]);
}
