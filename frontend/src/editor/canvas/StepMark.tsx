import type { TFunction } from "i18next";

import { useWords } from "@/i18n/useWords";
import { type Formats, useFormats, useNow } from "@/ui/formats";
import { StatusBadge } from "@/ui/StatusBadge";

import type { TraceStep } from "../store/trace";
import { useEditor } from "../store/EditorContext";
import classes from "./StepCard.module.css";

/** What the step did in the test or run that is drawn: sign, word, and how long it waited. */
export function StepMark({ step }: { step: TraceStep | undefined }) {
  return step ? <Mark step={step} /> : null;
}

function Mark({ step }: { step: TraceStep }) {
  const t = useWords("editor");
  const words = waitWords(step, t, useFormats(), useNow());
  const count = useEditor((state) => state.trace?.counts.get(step.nodeId) ?? 1);
  return (
    <span className={classes.mark}>
      <StatusBadge status={step.status} />
      {words && <span className={classes.waited}>{words}</span>}
      {count > 1 && <span className={classes.waited}>{t("trace.times", { count })}</span>}
    </span>
  );
}

const WORTH_SAYING_MS = 1_000;

/** How long the step waited, or until when it still does. */
function waitWords(
  { status, at, wakeAt, waitsFor, finishedAt }: TraceStep,
  t: TFunction<"editor">,
  formats: Formats,
  now: Date,
): string {
  if ((status === "waiting" || status === "retrying") && wakeAt !== null) {
    return t("trace.until", { when: formats.short(wakeAt, now) });
  }
  if (waitsFor !== null) return t("untilDone");
  if (at === null || finishedAt === null) return "";
  const length = new Date(finishedAt).getTime() - new Date(at).getTime();
  return length < WORTH_SAYING_MS ? "" : t("trace.later", { duration: formats.duration(length) });
}
