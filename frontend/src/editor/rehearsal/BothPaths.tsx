import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { RehearsedRuns } from "@/api/rehearsal";
import type { SimulatedStep, Simulation } from "@/api/types";
import { useFormats } from "@/ui/formats";
import { StatusBadge } from "@/ui/StatusBadge";

import { useStepWords } from "../run/useStepWords";
import { type Drawn, portName, stepName } from "./drawing";
import classes from "./Rehearsal.module.css";
import type { Sides, Versions } from "./useVersions";

interface Props {
  runs: RehearsedRuns;
  versions: Versions;
  sides: Sides;
}

/** The way through each version, step by step; what the other does not do is marked. */
export function BothPaths({ runs, versions, sides }: Props) {
  const { t } = useTranslation("rehearsal");
  const mark = t("mark");
  const { live, draft } = runs;
  return (
    <>
      {sides.live !== null && (
        <div>
          <h4>{sides.live}</h4>
          <Path run={live} other={draft} drawn={versions.live} mark={mark} />
        </div>
      )}
      <div>
        <h4>{sides.draft}</h4>
        <Path
          run={draft}
          other={sides.live === null ? draft : live}
          drawn={versions.draft}
          mark={mark}
        />
      </div>
    </>
  );
}

interface PathProps {
  run: Simulation | null;
  other: Simulation | null;
  drawn: Drawn;
  /** What is said of a step that the other does not take, or leaves otherwise. */
  mark: string;
}

/** A pause shorter than this is not worth a word. */
const WORTH_SAYING_MS = 30_000;
const MOST_STEPS = 60;
/** The way out that says nothing more than that a step was done. */
const USUAL = "done";

function Path({ run, other, drawn, mark }: PathProps) {
  const { t } = useTranslation("rehearsal");
  const formats = useFormats();
  if (run === null) return <p className={classes.none}>{t("side.startsNot")}</p>;
  const ways = new Set(other?.steps.map(wayOf));
  const shown = run.steps.slice(0, MOST_STEPS);
  const more = run.steps.length - shown.length + run.omitted_steps;
  const ending = passed(run.steps.at(-1), { at: run.ended_at }, formats.duration);
  return (
    <ol className={classes.path}>
      {shown.map((step, index) => (
        <Step
          key={`${step.node_id} ${step.iteration}`}
          step={step}
          drawn={drawn}
          mark={ways.has(wayOf(step)) || other === null ? null : mark}
          passed={passed(shown[index - 1], step, formats.duration)}
        />
      ))}
      {ending && <li className={classes.passed}>{t("passed", { duration: ending })}</li>}
      {more > 0 && <li>{t("moreSteps", { count: more })}</li>}
      <li className={classes.end}>
        <StatusBadge status={run.status} />
        <Text size="sm">{[run.error?.message, run.stopped].filter(Boolean).join(" ")}</Text>
      </li>
    </ol>
  );
}

interface StepProps {
  step: SimulatedStep;
  drawn: Drawn;
  mark: string | null;
  /** How much time passed before it; empty where that is not worth a word. */
  passed: string;
}

function Step({ step, drawn, mark, passed }: StepProps) {
  const { t } = useTranslation("rehearsal");
  const wordsOf = useStepWords();
  const words = wordsOf(step);
  const port = step.port === USUAL ? "" : portName(drawn, step.node_id, step.port);
  return (
    <>
      {passed && <li className={classes.passed}>{t("passed", { duration: passed })}</li>}
      <li className={classes.step} data-differs={mark !== null}>
        <span className={classes.stepName}>
          {stepName(drawn, step.node_id)}
          {port && <span className={classes.port}> → {port}</span>}
          {mark && <span className={classes.mark}>{mark}</span>}
        </span>
        {step.status === "failed" && <StatusBadge status={step.status} />}
        {words && <span className={classes.stepWords}>{words}</span>}
      </li>
    </>
  );
}

function wayOf({ node_id, iteration, status, port, error }: SimulatedStep): string {
  return JSON.stringify([node_id, iteration, status, port, error?.code]);
}

function passed(
  before: Pick<SimulatedStep, "at"> | undefined,
  step: Pick<SimulatedStep, "at">,
  words: (milliseconds: number) => string,
): string {
  if (!before?.at || !step.at) return "";
  const time = new Date(step.at).getTime() - new Date(before.at).getTime();
  return time < WORTH_SAYING_MS ? "" : words(time);
}
