import { useTranslation } from "react-i18next";

import type { Json, StepStatus } from "@/api/types";
import { nodeById } from "@/graph/queries";
import { useFormats } from "@/ui/formats";
import { StatusBadge } from "@/ui/StatusBadge";

import { useStepWords } from "../run/useStepWords";
import { useEditor } from "../store/EditorContext";
import { useShowStep } from "../useShowStep";
import { Inside, type InsideCall } from "./Inside";
import classes from "./TestBar.module.css";

interface TimelineStep {
  node_id: string;
  iteration: string;
  status: StepStatus;
  words: string | null;
  output: Json;
  at?: string | null;
  started_at?: string | null;
  /** The run of the workflow that the step called, where it was played. */
  inside?: InsideCall | null;
}

/** A pause shorter than this is not worth a word. */
const WORTH_SAYING_MS = 30_000;

/** The steps in the order in which they happened, with the time that passed between them. */
export function Timeline({ steps }: { steps: readonly TimelineStep[] }) {
  const { t } = useTranslation("editor");
  return (
    <ol className={classes.timeline} aria-label={t("timeline.name")}>
      {steps.map((step, index) => (
        <TimelineEntry
          key={`${step.node_id} ${step.iteration} ${index}`}
          step={step}
          since={timeOf(steps[index - 1])}
        />
      ))}
    </ol>
  );
}

function timeOf(step: TimelineStep | undefined): string | null {
  return step?.at ?? step?.started_at ?? null;
}

function TimelineEntry({ step, since }: { step: TimelineStep; since: string | null }) {
  const { t } = useTranslation("editor");
  const formats = useFormats();
  const show = useShowStep();
  const wordsOf = useStepWords();
  const isOpen = useEditor((state) => state.openNode === step.node_id);
  const name = useEditor(({ graph, catalog }) => {
    const node = nodeById(graph, step.node_id);
    return node ? (node.label ?? catalog.get(node.type)?.label ?? t("step.unknown")) : step.node_id;
  });
  const at = timeOf(step);
  const passed = at && since ? new Date(at).getTime() - new Date(since).getTime() : 0;
  return (
    <>
      {passed >= WORTH_SAYING_MS && (
        <li className={classes.passed}>
          {t("timeline.passed", { duration: formats.duration(passed) })}
        </li>
      )}
      <li>
        <button
          type="button"
          className={classes.entry}
          aria-current={isOpen}
          onClick={() => show(step.node_id)}
        >
          <StatusBadge status={step.status} />
          <span className={classes.step}>{name}</span>
          <span className={classes.excerpt}>{wordsOf(step)}</span>
        </button>
        {step.inside && <Inside call={step.inside} />}
      </li>
    </>
  );
}
