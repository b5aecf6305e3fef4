import "@/i18n/later/editor";

import { memo } from "react";
import { useTranslation } from "react-i18next";

import type { Json, StepStatus } from "@/api/types";
import { useFormats } from "@/ui/formats";
import { StatusBadge } from "@/ui/StatusBadge";

import { useStepWords } from "../run/useStepWords";
import { stepsById } from "../store/derived";
import { useEditor } from "../store/EditorContext";
import { useShowStep } from "../useShowStep";
import { Inside, type InsideCall } from "./Inside";
import classes from "./TestBar.module.css";

interface TimelineStep {
  node_id: string;
  iteration: string;
  status: StepStatus;
  words: string | null;
  error?: { message: string } | null;
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
  const { t } = useTranslation(["editor", "run"]);
  const formats = useFormats();
  const show = useShowStep();
  const wordsOf = useStepWords();
  const nameOf = useNames();
  const openNode = useEditor((state) => state.openNode);
  const passWords = (iteration: string): string =>
    iteration === "" ? "" : t("run:pass", { number: numberOf(iteration) });
  const passedWords = (passed: number): string =>
    passed < WORTH_SAYING_MS ? "" : t("timeline.passed", { duration: formats.duration(passed) });
  return (
    <ol className={classes.timeline} aria-label={t("timeline.name")}>
      {steps.map((step, index) => (
        <TimelineEntry
          key={`${step.node_id} ${step.iteration} ${index}`}
          nodeId={step.node_id}
          status={step.status}
          name={nameOf(step.node_id)}
          pass={passWords(step.iteration)}
          words={wordsOf(step) ?? step.error?.message ?? null}
          passed={passedWords(timeBetween(steps[index - 1], step))}
          isOpen={step.node_id === openNode}
          inside={step.inside}
          show={show}
        />
      ))}
    </ol>
  );
}

/** People count passes from one; a pass within a pass is "3.1". */
function numberOf(iteration: string): string {
  return iteration
    .split(".")
    .map((place) => Number(place) + 1)
    .join(".");
}

function useNames(): (nodeId: string) => string {
  const { t } = useTranslation("editor");
  const nodes = useEditor((state) => state.graph.nodes);
  const catalog = useEditor((state) => state.catalog);
  return (nodeId) => {
    const node = stepsById(nodes).get(nodeId);
    return node ? (node.label ?? catalog.get(node.type)?.label ?? t("step.unknown")) : nodeId;
  };
}

function timeBetween(before: TimelineStep | undefined, step: TimelineStep): number {
  const since = before?.at ?? before?.started_at;
  const at = step.at ?? step.started_at;
  return at && since ? new Date(at).getTime() - new Date(since).getTime() : 0;
}

interface EntryProps {
  nodeId: string;
  status: StepStatus;
  name: string;
  /** Which pass of a body it belongs to; empty outside of one. */
  pass: string;
  words: string | null;
  /** How much time passed before it; empty where that is not worth a word. */
  passed: string;
  isOpen: boolean;
  inside: InsideCall | null | undefined;
  show: (nodeId: string) => void;
}

/** A run may have a thousand: each is given plain values, and drawn again when one of them changes. */
const TimelineEntry = memo(function TimelineEntry(props: EntryProps) {
  const { nodeId, status, name, pass, words, passed, isOpen, inside, show } = props;
  return (
    <>
      {passed && <li className={classes.passed}>{passed}</li>}
      <li>
        <button
          type="button"
          className={classes.entry}
          aria-current={isOpen}
          onClick={() => show(nodeId)}
        >
          <StatusBadge status={status} />
          <span className={classes.step}>{name}</span>
          {pass && <span className={classes.pass}>{pass}</span>}
          <span className={classes.excerpt}>{words}</span>
        </button>
        {inside && <Inside call={inside} />}
      </li>
    </>
  );
});
