import { useTranslation } from "react-i18next";

import { StatusBadge } from "@/ui/StatusBadge";
import { useFormats } from "@/ui/formats";

import type { TraceStep } from "../store/trace";
import { useEditor } from "../store/EditorContext";
import classes from "./StepCard.module.css";

/** What the step did in the test or run that is drawn: sign, word, and how long it waited. */
export function StepMark({ step }: { step: TraceStep | undefined }) {
  const { t } = useTranslation("editor");
  const formats = useFormats();
  const count = useEditor((state) => (step ? (state.trace?.counts.get(step.nodeId) ?? 1) : 1));
  if (!step) return null;
  const waited = waitOf(step);
  return (
    <span className={classes.mark}>
      <StatusBadge status={step.status} />
      {waited > 0 && (
        <span className={classes.waited}>
          {t("trace.later", { duration: formats.duration(waited) })}
        </span>
      )}
      {count > 1 && <span className={classes.waited}>{t("trace.times", { count })}</span>}
    </span>
  );
}

const WORTH_SAYING_MS = 1_000;

/** Milliseconds from the start of a wait to its end, as far as the step says so. */
function waitOf(step: TraceStep): number {
  const end = step.wakeAt ?? step.finishedAt;
  if (end === null || step.at === null) return 0;
  const length = new Date(end).getTime() - new Date(step.at).getTime();
  return length >= WORTH_SAYING_MS ? length : 0;
}
