import { Text, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconFilter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { usePollInterval } from "@/api/stream";
import { recentQuery } from "@/api/workflows";

import classes from "./RecentPicture.module.css";

const HEIGHT = 26;
const BAR = 9;
const GAP = 3;
const LEAST = 2;
const MINUTE_MS = 60_000;

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

/** The last days of a workflow: a bar for each, as high as there were runs, its foot the failed. */
export function RecentPicture({ workflowId }: { workflowId: string }) {
  const { t } = useTranslation("workflows");
  const poll = usePollInterval();
  const { data } = useQuery({ ...recentQuery, refetchInterval: poll || MINUTE_MS });
  const found = data?.items.find((item) => item.workflow_id === workflowId);
  if (!data || !found) return <span />;
  const runs = sum(found.runs);
  const failed = sum(found.failed);
  const words = t("recent.runs", { count: runs, days: data.days.length });
  const told = [
    words,
    failed > 0 && t("recent.failed", { count: failed }),
    typeof found.came_in === "number" &&
      t("recent.entry", { came: found.came_in, out: found.kept_out ?? 0 }),
  ]
    .filter(Boolean)
    .join(", ");
  return (
    <Tooltip label={told}>
      <span className={classes.recent}>
        <Bars runs={found.runs} failed={found.failed} label={told} />
        {failed > 0 && (
          <Text component="span" size="xs" className={classes.failed} aria-hidden>
            <IconAlertTriangle size={13} />
            {failed}
          </Text>
        )}
        {(found.kept_out ?? 0) > 0 && (
          <Text component="span" size="xs" c="dimmed" className={classes.failed} aria-hidden>
            <IconFilter size={13} />
            {found.kept_out}
          </Text>
        )}
      </span>
    </Tooltip>
  );
}

interface BarsProps {
  runs: readonly number[];
  failed: readonly number[];
  label: string;
}

function Bars({ runs, failed, label }: BarsProps) {
  const most = Math.max(...runs, 1);
  const heightOf = (count: number) =>
    count === 0 ? 0 : Math.max(LEAST, Math.round((count / most) * HEIGHT));
  return (
    <svg
      role="img"
      aria-label={label}
      width={runs.length * (BAR + GAP)}
      height={HEIGHT}
      className={classes.bars}
    >
      {runs.map((count, day) => (
        <g key={day} transform={`translate(${day * (BAR + GAP)} 0)`}>
          <Bar kind="rest" height={LEAST} />
          <Bar kind="runs" height={heightOf(count)} />
          <Bar kind="failed" height={heightOf(failed[day] ?? 0)} />
        </g>
      ))}
    </svg>
  );
}

/** Stands on the ground, so that what failed covers the foot of its day. */
function Bar({ kind, height }: { kind: "rest" | "runs" | "failed"; height: number }) {
  return <rect data-kind={kind} y={HEIGHT - height} width={BAR} height={height} rx={1.5} />;
}
