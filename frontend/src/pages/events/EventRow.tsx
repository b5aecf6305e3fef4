import { Badge, Checkbox, Group, Text, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { EventSummary } from "@/api/types";
import { DemoSign } from "@/ui/DemoSign";
import { Row, RowTick } from "@/ui/Rows";
import { Time } from "@/ui/Time";

import classes from "./EventRow.module.css";
import { useEventWords } from "./useEventWords";
import { useSourceWords } from "./useSourceWords";

const COLUMNS = "28px minmax(0, 1.2fr) minmax(0, 1fr) minmax(0, 1fr) 130px";

interface Props {
  event: EventSummary;
  isChosen: boolean;
  onChoose: () => void;
  onOpen: () => void;
}

export function EventRow({ event, isChosen, onChoose, onOpen }: Props) {
  const { t } = useTranslation("events");
  const wordsOf = useEventWords();
  const sourceOf = useSourceWords();
  return (
    <Row columns={COLUMNS}>
      <RowTick>
        <Checkbox
          aria-label={t("choose", { name: event.label ?? wordsOf(event.type) })}
          checked={isChosen}
          onChange={onChoose}
        />
      </RowTick>
      <div>
        <UnstyledButton className={classes.open} onClick={onOpen}>
          {event.label ?? wordsOf(event.type)}
        </UnstyledButton>
        {event.label && (
          <Text size="sm" c="dimmed" truncate>
            {wordsOf(event.type)}
          </Text>
        )}
      </div>
      <Text size="sm" truncate>
        {event.contact ?? ""}
      </Text>
      <Group gap={6}>
        {event.source === "demo" ? (
          <DemoSign />
        ) : (
          <Badge variant="light" color="gray" c="var(--cw-text-muted)">
            {sourceOf(event.source)}
          </Badge>
        )}
        {event.duplicate_of && (
          <Badge variant="light" color="yellow" c="var(--cw-warning)">
            {t("duplicate")}
          </Badge>
        )}
        {event.run_ids.length > 0 && (
          <Text size="sm">{t("runs", { count: event.run_ids.length })}</Text>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        <Time at={event.received_at} />
      </Text>
    </Row>
  );
}
