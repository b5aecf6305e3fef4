import { Button } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";

import { EventDetail } from "./EventDetail";
import { EventList } from "./EventList";
import { KindFilter } from "./KindFilter";
import { kindsOf } from "./kinds";
import classes from "./Rehearsal.module.css";
import type { Outcome, Rehearser } from "./rehearser";
import { useVersions } from "./useVersions";

interface Props {
  workflowId: string;
  outcome: Outcome;
  rehearser: Rehearser;
  narrow: boolean;
}

/** The events that would have gone another way, and the one of them that is looked at. */
export function Findings({ workflowId, outcome, rehearser, narrow }: Props) {
  const { t } = useTranslation("rehearsal");
  const { shown, chosen } = useStore(rehearser.state);
  const versions = useVersions(workflowId, outcome);
  const events = outcome.events.filter((event) => !shown || kindsOf(event).includes(shown));
  const isWide = !narrow;
  const event = events.find(({ id }) => id === chosen) ?? (isWide ? events[0] : undefined);
  const list = (
    <EventList
      events={events}
      versions={versions}
      chosen={event?.id ?? null}
      onChoose={(id) => rehearser.state.setState({ chosen: id })}
    />
  );
  const detail = event && (
    <EventDetail key={event.id} {...{ workflowId, outcome, event, versions }} />
  );
  return (
    <>
      {(isWide || !detail) && (
        <KindFilter
          events={outcome.events}
          shown={shown}
          onShow={(kind) => rehearser.state.setState({ shown: kind })}
        />
      )}
      {isWide ? (
        <div className={classes.parts}>
          {list}
          {detail}
        </div>
      ) : detail ? (
        <div>
          <Button
            mb="sm"
            size="compact-sm"
            variant="subtle"
            leftSection={<IconArrowLeft size={16} aria-hidden />}
            onClick={() => rehearser.state.setState({ chosen: null })}
          >
            {t("back")}
          </Button>
          {detail}
        </div>
      ) : (
        list
      )}
    </>
  );
}
