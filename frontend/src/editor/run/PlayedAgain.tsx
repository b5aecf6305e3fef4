import { Drawer, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Run, SimulatedStep, Simulation } from "@/api/types";
import { nodeById } from "@/graph/queries";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { StatusBadge } from "@/ui/StatusBadge";

import { useEditor } from "../store/EditorContext";
import { useStepWords } from "./useStepWords";

interface Props {
  run: Run;
  simulation: Simulation | undefined;
  error: Error | null;
  onClose: () => void;
}

/** What came of playing the run's event again, beside what came of it then. */
export function PlayedAgain({ run, simulation, error, onClose }: Props) {
  const { t } = useTranslation(["run", "common"]);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={t("again.title")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {error && <ErrorNotice error={error} />}
      {simulation && <Comparison run={run} simulation={simulation} />}
    </Drawer>
  );
}

interface Pair {
  nodeId: string;
  then: Run["steps"][number] | undefined;
  now: SimulatedStep | undefined;
}

/** Each step with what it did then and would do now; what is the same is said once. */
function Comparison({ run, simulation }: { run: Run; simulation: Simulation }) {
  const { t } = useTranslation("run");
  const pairs = pairsOf(run, simulation);
  const differ = pairs.filter(isDifferent).length;
  return (
    <Stack>
      <Text>{differ === 0 ? t("again.same") : t("again.differ", { count: differ })}</Text>
      <Text size="sm" c="dimmed">
        {t("again.safe")}
      </Text>
      {pairs.map((pair) => (
        <PairView key={pair.nodeId} pair={pair} />
      ))}
    </Stack>
  );
}

function PairView({ pair }: { pair: Pair }) {
  const { t } = useTranslation(["run", "editor"]);
  const { nodeId, then, now } = pair;
  const name = useEditor(({ graph, catalog }) => {
    const node = nodeById(graph, nodeId);
    return node?.label ?? catalog.get(node?.type ?? "")?.label ?? t("editor:step.unknown");
  });
  return (
    <div>
      <Text fw={600}>{name}</Text>
      {isDifferent(pair) ? (
        <Stack gap={6} mt={4}>
          <Deed when={t("again.then")} step={then} />
          <Deed when={t("again.now")} step={now} />
        </Stack>
      ) : (
        <Deed step={now} />
      )}
    </div>
  );
}

/** How a step ended, and what it says of itself. */
function Deed({ when, step }: { when?: string; step: Pair["then"] | Pair["now"] }) {
  const { t } = useTranslation("run");
  const wordsOf = useStepWords();
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      {when && (
        <Text size="sm" c="dimmed" w={56} flex="none">
          {when}
        </Text>
      )}
      {step ? <StatusBadge status={step.status} /> : <Text size="sm">{t("again.notReached")}</Text>}
      <Text size="sm">{step && wordsOf(step)}</Text>
    </Group>
  );
}

function pairsOf(run: Run, simulation: Simulation): Pair[] {
  const ids = [...run.steps, ...simulation.steps].map((step) => step.node_id);
  return [...new Set(ids)].map((nodeId) => ({
    nodeId,
    then: run.steps.find((step) => step.node_id === nodeId),
    now: simulation.steps.find((step) => step.node_id === nodeId),
  }));
}

function isDifferent({ then, now }: Pair): boolean {
  return then?.status !== now?.status || then?.port !== now?.port;
}
