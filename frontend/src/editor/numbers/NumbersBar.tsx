import "@/i18n/later/underway";

import { SegmentedControl, Switch } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { usePollInterval } from "@/api/stream";
import { numbersQuery, type Period, PERIODS } from "@/api/underway";

import { useEditorStore } from "../store/EditorContext";
import classes from "./CardNumbers.module.css";

const NOW_AND_THEN_MS = 15_000;

/** Puts the numbers on the cards, and says of which time. */
export function NumbersBar({ workflowId }: { workflowId: string }) {
  const { t } = useTranslation("underway");
  const store = useEditorStore();
  const [isShown, show] = useLocalStorage({ key: "cw-numbers", defaultValue: false });
  const [period, setPeriod] = useState<Period>("7d");
  const poll = usePollInterval();
  const { data } = useQuery({
    ...numbersQuery(workflowId, period),
    refetchInterval: poll || NOW_AND_THEN_MS,
  });
  useEffect(() => {
    if (!data) return;
    const byNode = new Map(data.steps.map((step) => [step.node_id, step]));
    store.setState({ numbers: { workflowId, byNode, entry: data.entry, isShown } });
  }, [store, workflowId, data, isShown]);
  return (
    <div className={classes.bar}>
      <Switch
        size="sm"
        checked={isShown}
        label={t("numbers.show")}
        onChange={(event) => show(event.currentTarget.checked)}
      />
      {isShown && (
        <SegmentedControl
          size="xs"
          aria-label={t("numbers.period")}
          data={PERIODS.map((value) => ({ value, label: t(`numbers.of.${value}`) }))}
          value={period}
          onChange={(value) => setPeriod(value)}
        />
      )}
    </div>
  );
}
