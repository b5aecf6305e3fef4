import "@/i18n/later/editor";

import { ActionIcon, Button, Group, Select, Stack, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { targetsFor } from "@/graph/connecting";
import { nodeById, portsOf } from "@/graph/queries";
import { ERROR_PORT, type GraphNode, INPUT_PORT, MAIN_PORT } from "@/graph/values";
import { Dialog } from "@/ui/Dialog";

import { perform } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";

interface Props {
  node: GraphNode;
  opened: boolean;
  onClose: () => void;
}

/** Drawing a wire without a pointer: from which output, to which step. */
export function ConnectDialog({ node, opened, onClose }: Props) {
  const { t } = useTranslation("editor");
  return (
    <Dialog opened={opened} onClose={onClose} title={t("connect.title")}>
      {opened && (
        <>
          <ConnectForm node={node} onClose={onClose} />
          <Lines node={node} />
        </>
      )}
    </Dialog>
  );
}

function ConnectForm({ node, onClose }: Omit<Props, "opened">) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const ports = useOutputs(node);
  const [output, setOutput] = useState(ports[0]?.value ?? MAIN_PORT);
  const [target, setTarget] = useState<string | null>(null);
  const targets = useTargets(node, output);
  const connect = (): void => {
    if (target === null) return;
    const connection = {
      source: node.id,
      sourceHandle: output,
      target,
      targetHandle: INPUT_PORT,
    };
    perform(store, { kind: "connect", connections: [connection] });
    onClose();
  };
  return (
    <Stack>
      {ports.length > 1 && (
        <Select
          label={t("connect.output")}
          allowDeselect={false}
          data={ports}
          value={output}
          onChange={(value) => value && setOutput(value)}
        />
      )}
      <Select
        label={t("connect.target")}
        placeholder={t("connect.choose")}
        searchable
        data-autofocus
        data={targets}
        value={target}
        onChange={setTarget}
        nothingFoundMessage={t("connect.none")}
      />
      <Group justify="flex-end">
        <Button onClick={connect} disabled={target === null}>
          {t("connect.action")}
        </Button>
      </Group>
    </Stack>
  );
}

/** The lines that leave the step, each to be removed: on the canvas that takes a pointer. */
function Lines({ node }: { node: GraphNode }) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const nameOf = useStepNames();
  const edges = useEditor((state) => state.graph.edges).filter((edge) => edge.source === node.id);
  const outputs = useOutputs(node);
  if (edges.length === 0) return null;
  const outputOf = (handle: string) =>
    outputs.find(({ value }) => value === handle)?.label ?? handle;
  return (
    <Stack gap={4} mt="lg">
      <Text size="sm" fw={650}>
        {t("connect.lines")}
      </Text>
      {edges.map(({ id, sourceHandle, target }) => {
        const words = t("connect.line", { output: outputOf(sourceHandle), target: nameOf(target) });
        return (
          <Group key={id} justify="space-between" wrap="nowrap">
            <Text size="sm">{words}</Text>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("connect.cut", { line: words })}
              onClick={() => perform(store, { kind: "disconnect", edgeIds: [id] })}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        );
      })}
    </Stack>
  );
}

/** What a step is called, by its id. */
function useStepNames(): (id: string) => string {
  const { t } = useTranslation("editor");
  const graph = useEditor((state) => state.graph);
  const catalog = useEditor((state) => state.catalog);
  return (id) => {
    const step = nodeById(graph, id);
    return step?.label ?? catalog.get(step?.type ?? "")?.label ?? t("step.unknown");
  };
}

function useOutputs(node: GraphNode) {
  const { t } = useTranslation("editor");
  const graph = useEditor((state) => state.graph);
  const type = useEditor((state) => state.catalog.get(node.type));
  const names: Readonly<Record<string, string>> = {
    [MAIN_PORT]: t("port.done"),
    [ERROR_PORT]: t("port.error"),
  };
  return portsOf(graph, node, type).map(({ id, label }) => ({
    value: id,
    label: label || (names[id] ?? id),
  }));
}

/** Steps that may not be reached are left out; the canvas says why when a wire is pulled. */
function useTargets(node: GraphNode, output: string) {
  const graph = useEditor((state) => state.graph);
  const catalog = useEditor((state) => state.catalog);
  const nameOf = useStepNames();
  const refusals = targetsFor(graph, catalog, node.id, output);
  return graph.nodes
    .filter((step) => refusals.get(step.id) === null)
    .map(({ id }) => ({ value: id, label: nameOf(id) }));
}
