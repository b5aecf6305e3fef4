import { Button, Loader, Text } from "@mantine/core";
import { IconRoute } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { type RehearsedEvent, type RehearsedRuns, rehearsedRunsQuery } from "@/api/rehearsal";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useFormats } from "@/ui/formats";

import { BothMessages } from "./BothMessages";
import { BothPaths } from "./BothPaths";
import { BothRequests } from "./BothRequests";
import { phrasesOf } from "./phrases";
import classes from "./Rehearsal.module.css";
import type { Outcome } from "./rehearser";
import { useShowOnCanvas } from "./useShowOnCanvas";
import { type Versions, useAround, useEventName } from "./useVersions";

interface Props {
  workflowId: string;
  outcome: Outcome;
  event: RehearsedEvent;
  versions: Versions;
}

/** One event: what the draft would do otherwise, in words, step by step and message by message. */
export function EventDetail({ workflowId, outcome, event, versions }: Props) {
  const { t } = useTranslation("rehearsal");
  const formats = useFormats();
  const around = useAround(versions);
  const nameOf = useEventName();
  const { revision, liveVersion } = outcome;
  const { data, error } = useQuery(
    rehearsedRunsQuery({ workflowId, eventId: event.id, revision, liveVersion }),
  );
  const name = nameOf(event);
  return (
    <section className={classes.detail} aria-label={name}>
      <header className={classes.head}>
        <div>
          <h3 className={classes.name}>{name}</h3>
          <Text size="sm" c="dimmed">
            {[event.contact, formats.full(event.received_at)].filter(Boolean).join(" · ")}
          </Text>
        </div>
        <ShowButton name={name} runs={data} outcome={outcome} />
      </header>
      <ul className={classes.phrases}>
        {phrasesOf(event, around).map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      {event.omitted > 0 && (
        <Text size="sm" c="dimmed">
          {t("omitted", { count: event.omitted })}
        </Text>
      )}
      {error && <ErrorNotice error={error} />}
      {data ? <Both runs={data} {...{ versions, outcome }} /> : !error && <Loader size="sm" />}
    </section>
  );
}

interface BothProps {
  runs: RehearsedRuns;
  versions: Versions;
  outcome: Outcome;
}

/** Side by side; where nothing is live, the draft alone. */
function Both({ runs, versions, outcome }: BothProps) {
  const { t } = useTranslation("rehearsal");
  const { liveVersion } = outcome;
  const isOther = runs.revision !== outcome.revision || runs.live_version !== liveVersion;
  if (isOther) return <Text size="sm">{t("changed")}</Text>;
  const sides = {
    live: liveVersion === null ? null : t("side.live", { number: liveVersion }),
    draft: t("side.draft"),
  };
  return (
    <div className={classes.both} data-alone={liveVersion === null || undefined}>
      <BothPaths runs={runs} versions={versions} sides={sides} />
      <BothMessages runs={runs} versions={versions} sides={sides} />
      <BothRequests runs={runs} versions={versions} sides={sides} />
    </div>
  );
}

interface ShowProps {
  name: string;
  runs: RehearsedRuns | undefined;
  outcome: Outcome;
}

/** The draft's run of this event, drawn over the canvas; nothing where it would start none. */
function ShowButton({ name, runs, outcome }: ShowProps) {
  const { t } = useTranslation("rehearsal");
  const show = useShowOnCanvas();
  if (!runs?.draft) return null;
  return (
    <Button
      size="sm"
      variant="light"
      leftSection={<IconRoute size={16} aria-hidden />}
      onClick={() => show(name, runs, outcome.graph)}
    >
      {t("show")}
    </Button>
  );
}
