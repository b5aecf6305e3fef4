import "@/i18n/later/underway";

import { Alert, Button, Group, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import {
  type Batch,
  batchesQuery,
  type BatchCount,
  countBatch,
  type Selection,
  startBatch,
  useUnderwayChange,
} from "@/api/underway";
import { useCatalog } from "@/editor/catalog";
import { RuleGroupEditor } from "@/editor/fields/RuleGroupEditor";
import { EMPTY_RULES, type RuleGroup } from "@/editor/fields/rules";
import { StepVariables } from "@/editor/fields/stepVariables";
import { EventTypeChoice } from "@/pages/events/EventTypeChoice";
import { WorkflowChoice } from "@/pages/runs/WorkflowChoice";
import { useFormats } from "@/ui/formats";
import { Dialog } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";

import { BatchLine } from "./Batches";
import { variablesOfEvent } from "./variablesOfEvent";

interface Props {
  /** Where it is known already which workflow to start. */
  workflowId?: string;
  /** The kind of event that the workflow starts with, to begin with. */
  eventType?: string | null;
  /** Chosen records; without them everything that matches. */
  chosen?: Pick<Selection, "event_ids" | "run_ids">;
  onClose: () => void;
}

/** Starts a workflow on many records: counted first, started on a second word, then watched. */
export function StartManyDialog({ workflowId, eventType = null, chosen, onClose }: Props) {
  const { t } = useTranslation("underway");
  const [workflow, setWorkflow] = useState(workflowId ?? null);
  const [selection, setSelection] = useState<Selection | null>(
    chosen ?? selectionOf({ ...ANY, type: eventType }),
  );
  const [counted, setCounted] = useState<BatchCount | null>(null);
  const [begun, setBegun] = useState<Batch | null>(null);
  const count = useMutation({
    mutationFn: (id: string) => countBatch(id, selection ?? {}),
  });
  const start = useUnderwayChange((id: string) => startBatch(id, selection ?? {}), {
    onSuccess: setBegun,
  });
  const anew = (change: () => void) => {
    change();
    setCounted(null);
    count.reset(); // What is being counted is no longer what would be started.
  };
  const canCount = workflow !== null && selection !== null;
  return (
    <Dialog opened onClose={onClose} size="xl" title={t("start.title")}>
      <Stack>
        <Text size="sm">{t("start.text")}</Text>
        {!workflowId && (
          <WorkflowChoice value={workflow} onChange={(id) => anew(() => setWorkflow(id))} />
        )}
        {!chosen && !begun && (
          <MatchingForm eventType={eventType} onChange={(next) => anew(() => setSelection(next))} />
        )}
        {begun && workflow ? (
          <Watched workflowId={workflow} batch={begun} />
        ) : (
          counted && <CountWords counted={counted} />
        )}
        {(count.error ?? start.error) && <ErrorNotice error={count.error ?? start.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("start.close")}
          </Button>
          {!begun && !counted && (
            <Button
              disabled={!canCount}
              loading={count.isPending}
              onClick={() => workflow && count.mutate(workflow, { onSuccess: setCounted })}
            >
              {t("start.count")}
            </Button>
          )}
          {!begun && counted && counted.matching > 0 && (
            <Button loading={start.isPending} onClick={() => workflow && start.mutate(workflow)}>
              {t("start.action", { count: counted.matching })}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

function CountWords({ counted }: { counted: BatchCount }) {
  const { t } = useTranslation("underway");
  const { number } = useFormats();
  const { matching, looked_at, complete } = counted;
  if (matching === 0) return <Alert color="yellow">{t("start.nothing")}</Alert>;
  const words = t("start.counted", { count: matching });
  return (
    <Alert color="blue">
      {complete ? words : t("start.atLeast", { words, looked: number(looked_at) })}
    </Alert>
  );
}

/** The batch as it stands now. */
function Watched({ workflowId, batch }: { workflowId: string; batch: Batch }) {
  const { data: batches } = useQuery(batchesQuery(workflowId));
  return <BatchLine batch={batches?.find(({ id }) => id === batch.id) ?? batch} />;
}

interface Match {
  type: string | null;
  rules: RuleGroup;
  /** As the browser's field writes it: local time. */
  since: string;
  most: number;
}

function selectionOf({ type, rules, since, most }: Match): Selection | null {
  if (type === null) return null;
  const begin = since ? { since: new Date(since).toISOString() } : {};
  return { matching: { event_type: type, rules: { ...rules }, most, ...begin } };
}

const ANY: Match = { type: null, rules: EMPTY_RULES, since: "", most: 1_000 };

interface FormProps {
  eventType: string | null;
  onChange: (selection: Selection | null) => void;
}

/** What has to match: the kind of event, conditions, a time, and how many at most. */
function MatchingForm({ eventType, onChange }: FormProps) {
  const { t } = useTranslation("underway");
  const [match, setMatch] = useState<Match>({ ...ANY, type: eventType });
  const change = (part: Partial<Match>) => {
    const next = { ...match, ...part };
    setMatch(next);
    onChange(selectionOf(next));
  };
  return (
    <Stack gap="sm">
      <EventTypeChoice seen={[]} value={match.type} onChange={(type) => change({ type })} />
      {match.type && (
        <Conditions type={match.type} rules={match.rules} onChange={(rules) => change({ rules })} />
      )}
      <Group gap="md" align="flex-end">
        <TextInput
          type="datetime-local"
          label={t("start.since")}
          value={match.since}
          onChange={(event) => change({ since: event.currentTarget.value })}
        />
        <NumberInput
          label={t("start.most")}
          min={1}
          max={100_000}
          w={160}
          value={match.most}
          onChange={(most) => change({ most: Number(most) || 1 })}
        />
      </Group>
    </Stack>
  );
}

interface ConditionsProps {
  type: string;
  rules: RuleGroup;
  onChange: (rules: RuleGroup) => void;
}

function Conditions({ type, rules, onChange }: ConditionsProps) {
  const { catalog } = useCatalog();
  if (!catalog) return null;
  return (
    <StepVariables value={variablesOfEvent(catalog, type)}>
      <RuleGroupEditor
        group={rules}
        pointer=""
        problems={[]}
        disabled={false}
        onChange={onChange}
      />
    </StepVariables>
  );
}
