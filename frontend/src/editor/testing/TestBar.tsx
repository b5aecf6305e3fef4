import "@/i18n/later/editor";

import { Button, CloseButton, Group, Select, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowLeft, IconPencil, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { JsonObject } from "@/api/types";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { StatusBadge } from "@/ui/StatusBadge";

import { useEditor, useEditorStore } from "../store/EditorContext";
import { EventDataDialog } from "./EventDataDialog";
import type { GivenTest } from "./given";
import type { Ways } from "./otherWays";
import classes from "./TestBar.module.css";
import { type Start, startOf } from "./testSource";
import { TestResult } from "./TestResult";
import { useChosen } from "./useChosen";
import { GIVEN, useSources } from "./useSources";
import { useTest } from "./useTest";

/** Trying the workflow out: nothing leaves the house, and three days pass in no time. */
export function TestBar({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("editor");
  const graph = useEditor((state) => state.graph);
  const catalog = useEditor((state) => state.catalog);
  const given = useEditor((state) => state.given);
  const start = startOf(graph, catalog);
  const key = start && [start.type.ref, start.eventType, given?.simulation.started_at].join(" ");
  return (
    <section className={classes.bar} aria-label={t("test.name")} data-editor-test>
      {start ? (
        <Trial key={key} start={start} given={given} onClose={onClose} />
      ) : (
        <Group p="md" justify="space-between">
          <Text size="sm">{t("test.noTrigger")}</Text>
          <CloseButton aria-label={t("test.close")} onClick={onClose} />
        </Group>
      )}
    </section>
  );
}

interface TrialProps {
  start: Start;
  given: GivenTest | null;
  onClose: () => void;
}

function Trial({ start, given, onClose }: TrialProps) {
  const { t } = useTranslation("editor");
  const { sources, load } = useSources(start, given);
  const { chosen, isLoading, choose, edit } = useChosen(sources, load);
  const test = useTest(given);
  const [locale, setLocale] = useState<string | null>(null);
  const [ways, setWays] = useState<Ways>({});
  const run = (written: string | null, going: Ways = ways): void => {
    const isGiven = given !== null && chosen.key === GIVEN;
    const type = isGiven ? given.event.type : start.eventType;
    setLocale(written);
    setWays(going);
    void test.run({ type, data: chosen.data }, written, isGiven ? given.around : {}, going);
  };
  return (
    <>
      <div className={classes.controls}>
        <Text fw={650} className={classes.title ?? ""}>
          {t("test.name")}
        </Text>
        <Select
          className={classes.source ?? ""}
          size="sm"
          aria-label={t("test.source")}
          allowDeselect={false}
          data={sources.map((source) => ({ value: source.key, label: source.name }))}
          value={chosen.key}
          onChange={(key) => key !== null && void choose(key)}
        />
        <EditButton start={start} data={chosen.data} disabled={isLoading} onChange={edit} />
        <Button
          size="sm"
          loading={test.isBusy || isLoading}
          leftSection={<IconPlayerPlayFilled size={15} aria-hidden />}
          onClick={() => run(locale)}
        >
          {t("test.run")}
        </Button>
        <Outcome test={test} isGiven={given !== null} />
        {given && <BackToRehearsal />}
        <CloseButton aria-label={t("test.close")} onClick={onClose} />
      </div>
      {test.error !== null && <ErrorNotice error={test.error} />}
      {test.simulation && test.scenario && (
        <TestResult
          simulation={test.simulation}
          scenario={test.scenario}
          locale={locale}
          onLocale={(chosen) => run(chosen)}
          ways={ways}
          onWays={(chosen) => run(locale, chosen)}
        />
      )}
    </>
  );
}

function BackToRehearsal() {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  return (
    <Button
      size="sm"
      variant="subtle"
      leftSection={<IconArrowLeft size={16} aria-hidden />}
      onClick={() => store.setState({ overlay: "rehearsal" })}
    >
      {t("test.back")}
    </Button>
  );
}

interface EditProps {
  start: Start;
  data: JsonObject;
  disabled: boolean;
  onChange: (data: JsonObject) => void;
}

function EditButton({ disabled, ...props }: EditProps) {
  const { t } = useTranslation("editor");
  const [editing, edit] = useDisclosure();
  return (
    <>
      <Button
        size="sm"
        variant="default"
        disabled={disabled}
        leftSection={<IconPencil size={16} aria-hidden />}
        onClick={edit.open}
      >
        {t("test.edit")}
      </Button>
      <EventDataDialog {...props} opened={editing} onClose={edit.close} />
    </>
  );
}

interface OutcomeProps {
  test: ReturnType<typeof useTest>;
  /** Then the way back has the hint's place. */
  isGiven: boolean;
}

function Outcome({ test, isGiven }: OutcomeProps) {
  const { t } = useTranslation("editor");
  return (
    <>
      {test.simulation && (
        <>
          <StatusBadge status={test.simulation.status} />
          <Button size="sm" variant="subtle" color="gray" onClick={test.clear}>
            {t("test.clear")}
          </Button>
        </>
      )}
      <Text size="sm" c="dimmed" className={classes.hint ?? ""}>
        {test.isStale ? t("test.stale") : !isGiven && t("test.safe")}
      </Text>
    </>
  );
}
