import { UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { RehearsedEvent } from "@/api/rehearsal";
import { useFormats } from "@/ui/formats";

import { type Kind, tallyOf } from "./kinds";
import classes from "./Rehearsal.module.css";

interface Props {
  events: readonly RehearsedEvent[];
  shown: Kind | null;
  onShow: (kind: Kind | null) => void;
}

/** In what they differ, how often each, and the events of one kind alone. */
export function KindFilter({ events, shown, onShow }: Props) {
  const { t } = useTranslation("rehearsal");
  const formats = useFormats();
  const tally = tallyOf(events);
  if (tally.size < 2) return null;
  const kinds: (Kind | null)[] = [null, ...tally.keys()];
  return (
    <div className={classes.filter} role="group" aria-label={t("filter")}>
      {kinds.map((kind) => (
        <UnstyledButton
          key={kind ?? "all"}
          className={classes.kind ?? ""}
          aria-pressed={kind === shown}
          onClick={() => onShow(kind)}
        >
          {kind === null ? t("all") : t(`kind.${kind}`)}{" "}
          <b>{formats.number(kind === null ? events.length : (tally.get(kind) ?? 0))}</b>
        </UnstyledButton>
      ))}
    </div>
  );
}
