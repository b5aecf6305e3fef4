import { Alert, Button, Group, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";

import type { Workflow } from "@/api/types";
import { ErrorNotice } from "@/ui/ErrorNotice";

import { useAnnounce } from "../Announcer";
import { useEditor } from "../store/EditorContext";
import { Findings } from "./Findings";
import { NothingYet } from "./NothingYet";
import classes from "./Rehearsal.module.css";
import { isOutdated, type Outcome, type Rehearser, type Trouble } from "./rehearser";
import { useAnswerWords } from "./useAnswerWords";

interface Props {
  workflow: Workflow;
  rehearser: Rehearser;
  /** The version that is live now. */
  live: number | null;
  narrow: boolean;
}

/** The answer first; then what it consists of. */
export function Answer({ workflow, rehearser, live, narrow }: Props) {
  const { outcome, trouble, isRunning } = useStore(rehearser.state);
  const isEmpty = outcome !== null && !isRunning && outcome.total === 0;
  return (
    <>
      {trouble && <TroubleNotice trouble={trouble} rehearser={rehearser} />}
      {outcome && <Outdated outcome={outcome} live={live} />}
      {isEmpty && <NothingYet rehearser={rehearser} />}
      {outcome && outcome.total > 0 && (
        <>
          <Sentence outcome={outcome} rehearser={rehearser} isRunning={isRunning} />
          {outcome.events.length > 0 && (
            <Findings
              workflowId={workflow.id}
              outcome={outcome}
              rehearser={rehearser}
              narrow={narrow}
            />
          )}
        </>
      )}
    </>
  );
}

interface SentenceProps {
  outcome: Outcome;
  rehearser: Rehearser;
  isRunning: boolean;
}

function Sentence({ outcome, rehearser, isRunning }: SentenceProps) {
  const { t } = useTranslation("rehearsal");
  const announce = useAnnounce();
  const { answer, note } = useAnswerWords(outcome, isRunning);
  const isStopped = !isRunning && outcome.cursor !== null;
  useEffect(() => {
    if (!isRunning) announce(answer);
  }, [isRunning, answer, announce]);
  return (
    <div>
      <p className={classes.answer} data-answer>
        {answer}
      </p>
      {note && (
        <Text size="sm" c="dimmed">
          {note}
        </Text>
      )}
      {isStopped && (
        <Group gap="sm" mt={6}>
          <Text size="sm">
            {t("stopped", { compared: outcome.compared, total: outcome.total })}
          </Text>
          <Button size="compact-sm" variant="light" onClick={() => void rehearser.goOn()}>
            {t("goOn")}
          </Button>
        </Group>
      )}
    </div>
  );
}

/** What was found holds for a draft, or a live version, that is another one by now. */
function Outdated({ outcome, live }: { outcome: Outcome; live: number | null }) {
  const { t } = useTranslation("rehearsal");
  const graph = useEditor((state) => state.graph);
  const isOther = outcome.total > 0 && outcome.liveVersion !== live;
  if (!isOther && !isOutdated(outcome, graph)) return null;
  return (
    <Alert color="yellow" icon={<IconRefresh aria-hidden />} role="status">
      {t(isOther ? "outdatedLive" : "outdated")}
    </Alert>
  );
}

function TroubleNotice({ trouble, rehearser }: { trouble: Trouble; rehearser: Rehearser }) {
  const { t } = useTranslation("rehearsal");
  if (trouble.kind === "failed") {
    const { outcome } = rehearser.state.getState();
    const retry = outcome?.cursor ? () => rehearser.goOn() : () => rehearser.start();
    return <ErrorNotice error={trouble.error} retry={() => void retry()} />;
  }
  return (
    <Alert color="yellow" icon={<IconRefresh aria-hidden />} role="alert">
      {t(trouble.kind === "changed" ? "changed" : "unsaved")}
    </Alert>
  );
}
