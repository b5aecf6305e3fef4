import { useTranslation } from "react-i18next";

import type { StepStatus } from "@/api/types";
import { StatusBadge } from "@/ui/StatusBadge";

import classes from "./TestBar.module.css";

export interface InsideCall {
  workflow_name: string;
  version: number;
  status: string;
  steps: readonly InsideStep[];
  names: Readonly<Record<string, string>>;
  omitted_steps: number;
}

interface InsideStep {
  node_id: string;
  iteration: string;
  status: string;
  words: string | null;
  inside?: InsideCall | null;
}

/** What happens in the workflow that a step calls, folded away behind one line. */
export function Inside({ call }: { call: InsideCall }) {
  const { t } = useTranslation("editor");
  return (
    <details className={classes.inside}>
      <summary>{t("timeline.inside", { name: call.workflow_name, number: call.version })}</summary>
      <ol>
        {call.steps.map((step) => (
          <li key={`${step.node_id} ${step.iteration}`}>
            <span className={classes.insideStep}>
              <StatusBadge status={step.status as StepStatus} />
              <span className={classes.step}>{call.names[step.node_id] ?? t("step.unknown")}</span>
              <span className={classes.excerpt}>{step.words}</span>
            </span>
            {step.inside && <Inside call={step.inside} />}
          </li>
        ))}
        {call.omitted_steps > 0 && (
          <li>{t("timeline.insideMore", { count: call.omitted_steps })}</li>
        )}
      </ol>
    </details>
  );
}
