import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Run } from "@/api/types";
import { StatusBadge } from "@/ui/StatusBadge";

import classes from "./RunStory.module.css";

const SHOWN = 20;

/** The run that called this one, and the runs that it called. */
export function CallLinks({ run }: { run: Run }) {
  const { t } = useTranslation("run");
  const { called_by: caller, calls } = run;
  return (
    <>
      {caller && (
        <Text size="sm" mb="md">
          {t("calledBy")}{" "}
          <Anchor component={Link} to={`/runs/${caller.run_id}`}>
            {caller.workflow_name}
          </Anchor>
        </Text>
      )}
      {calls.length > 0 && (
        <section aria-label={t("calls")} className={classes.calls}>
          <Text size="sm">{t("calls")}</Text>
          <ul>
            {calls.slice(0, SHOWN).map((call) => (
              <li key={call.run_id}>
                <StatusBadge status={call.status as Run["status"]} />
                <Anchor component={Link} to={`/runs/${call.run_id}`} size="sm">
                  {call.workflow_name}
                </Anchor>
              </li>
            ))}
          </ul>
          {calls.length > SHOWN && (
            <Text size="sm">{t("moreCalls", { number: calls.length - SHOWN })}</Text>
          )}
        </section>
      )}
    </>
  );
}
