import { memo } from "react";
import { useTranslation } from "react-i18next";

import type { RehearsedEvent } from "@/api/rehearsal";
import { ChoiceRow } from "@/ui/ChoiceRow";
import { useFormats, useNow } from "@/ui/formats";

import { phrasesOf } from "./phrases";
import classes from "./Rehearsal.module.css";
import { type Versions, useAround, useEventName } from "./useVersions";

interface Props {
  events: readonly RehearsedEvent[];
  versions: Versions;
  chosen: string | null;
  onChoose: (id: string) => void;
}

const MOST_PHRASES = 2;

/** Newest first; the arrows go from one to the next. */
export function EventList({ events, versions, chosen, onChoose }: Props) {
  const { t } = useTranslation("rehearsal");
  const around = useAround(versions);
  const nameOf = useEventName();
  const formats = useFormats();
  const now = useNow();
  return (
    <ul className={classes.list} aria-label={t("list")}>
      {events.map((event) => {
        const phrases = phrasesOf(event, around);
        return (
          <Row
            key={event.id}
            id={event.id}
            name={nameOf(event)}
            contact={event.contact}
            when={formats.short(event.received_at, now)}
            words={phrases.slice(0, MOST_PHRASES).join("; ")}
            more={Math.max(0, phrases.length - MOST_PHRASES)}
            isChosen={event.id === chosen}
            onChoose={onChoose}
          />
        );
      })}
    </ul>
  );
}

interface RowProps {
  id: string;
  name: string;
  contact: string | null;
  when: string;
  words: string;
  more: number;
  isChosen: boolean;
  onChoose: (id: string) => void;
}

/** There may be a thousand: each is given plain values, and drawn again when one of them changes. */
const Row = memo(function Row(props: RowProps) {
  const { t } = useTranslation("rehearsal");
  const { id, name, contact, when, words, more, isChosen, onChoose } = props;
  return (
    <li>
      <ChoiceRow isChosen={isChosen} onChoose={() => onChoose(id)}>
        <span className={classes.names}>
          <b>{name}</b>
          <span className={classes.when}>{when}</span>
        </span>
        {contact && <span className={classes.contact}>{contact}</span>}
        <span className={classes.words}>
          {words}
          {more > 0 && ` ${t("more", { count: more })}`}
        </span>
      </ChoiceRow>
    </li>
  );
});
