import "@/i18n/later/runs";

import { Anchor, Checkbox, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { RunSummary } from "@/api/types";
import { Awaited } from "@/ui/Awaited";
import { useFormats } from "@/ui/formats";
import { DemoSign } from "@/ui/DemoSign";
import { Row, RowTick } from "@/ui/Rows";
import { StatusBadge } from "@/ui/StatusBadge";
import { Time } from "@/ui/Time";

const COLUMNS = "28px minmax(0, 1.1fr) minmax(0, 1fr) 130px minmax(0, 1.1fr)";

interface Props {
  run: RunSummary;
  isChosen: boolean;
  onChoose: () => void;
}

export function RunRow({ run, isChosen, onChoose }: Props) {
  const { t } = useTranslation("runs");
  return (
    <Row columns={COLUMNS}>
      <RowTick>
        <Checkbox
          aria-label={t("choose", { name: run.label ?? t("unnamed") })}
          checked={isChosen}
          onChange={onChoose}
        />
      </RowTick>
      <div>
        <Anchor component={Link} to={`/runs/${run.id}`} c="var(--cw-text)" fw={600}>
          {run.label ?? t("unnamed")}
        </Anchor>{" "}
        {run.demo && <DemoSign />}
        {run.contact && (
          <Text size="sm" c="dimmed" truncate>
            {run.contact}
          </Text>
        )}
      </div>
      <div>
        <Text size="sm" truncate>
          {run.workflow_name}
        </Text>
        <Text size="sm" c="dimmed">
          {t("version", { number: run.version })}
        </Text>
      </div>
      <StatusBadge status={run.status} />
      <div>
        <Outcome run={run} />
        <Text size="sm" c="dimmed">
          <Time at={run.created_at} />
        </Text>
      </div>
    </Row>
  );
}

/** The one thing worth knowing about a run: why it failed, until when it waits, how long it took. */
function Outcome({ run }: { run: RunSummary }) {
  const { t } = useTranslation("runs");
  const formats = useFormats();
  if (run.error) {
    return (
      <Text size="sm" {...(run.status === "cancelled" ? {} : { c: "var(--cw-bad)" })} lineClamp={2}>
        {run.error.message}
      </Text>
    );
  }
  if (run.entry?.waits) return <Text size="sm">{run.entry.words}</Text>;
  if (run.status === "waiting" && (run.wake_at ?? run.waits_for)) {
    return (
      <Text size="sm">
        <Awaited waitsFor={run.waits_for} until={run.wake_at} />
      </Text>
    );
  }
  if (run.stop_label) return <Text size="sm">{run.stop_label}</Text>;
  if (!run.started_at || !run.finished_at) return null;
  const took = new Date(run.finished_at).getTime() - new Date(run.started_at).getTime();
  return <Text size="sm">{t("took", { duration: formats.duration(took) })}</Text>;
}
