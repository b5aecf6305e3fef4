import { Alert, CloseButton, SegmentedControl, Text } from "@mantine/core";
import { IconAlertTriangle, IconPuzzleOff } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Problem } from "@/api/types";
import type { NodeType } from "@/graph/catalog";
import { nodeById } from "@/graph/queries";
import type { GraphNode } from "@/graph/values";

import { closePanel } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";
import { StepForm } from "./StepForm";
import { StepHead } from "./StepHead";
import { StepResult } from "./StepResult";
import classes from "./StepPanel.module.css";

/** The settings of the step that is open, and what it did in the test or run that is drawn. */
export function StepPanel() {
  const node = useEditor(({ openNode, graph }) =>
    openNode === null ? undefined : nodeById(graph, openNode),
  );
  return node ? <OpenPanel key={node.id} node={node} /> : null;
}

type View = "settings" | "result";

function OpenPanel({ node }: { node: GraphNode }) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const type = useEditor((state) => state.catalog.get(node.type));
  const isTraced = useEditor((state) => state.trace !== null);
  const [chosen, setChosen] = useState<View>("result");
  const view = isTraced ? chosen : "settings";
  const ref = useFocusFromKeys();
  return (
    <aside
      ref={ref}
      tabIndex={-1}
      className={classes.panel}
      aria-label={t("panel.name")}
      data-editor-panel
    >
      <div className={classes.top}>
        <StepHead node={node} type={type} />
        <CloseButton aria-label={t("panel.close")} onClick={() => closePanel(store)} />
      </div>
      {isTraced && (
        <SegmentedControl
          fullWidth
          className={classes.views ?? ""}
          aria-label={t("panel.views")}
          value={view}
          onChange={(value) => setChosen(value)}
          data={[
            { value: "result", label: t("panel.result") },
            { value: "settings", label: t("panel.settings") },
          ]}
        />
      )}
      <div className={classes.body}>
        {view === "result" ? <StepResult nodeId={node.id} /> : <Settings node={node} type={type} />}
      </div>
    </aside>
  );
}

/** Who opened the step with a key goes on in its panel; who clicked keeps the canvas's keys. */
function useFocusFromKeys() {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    const focused = document.activeElement;
    if (focused?.matches(".react-flow__node:focus-visible")) ref.current?.focus();
  }, []);
  return ref;
}

function Settings({ node, type }: { node: GraphNode; type: NodeType | undefined }) {
  if (!type) return <UnknownType type={node.type} />;
  return (
    <>
      <Text size="sm" c="dimmed" mb="md">
        {type.description}
      </Text>
      <LooseProblems nodeId={node.id} />
      <StepForm node={node} type={type} />
    </>
  );
}

/** Problems of the step that belong to none of its settings. */
function LooseProblems({ nodeId }: { nodeId: string }) {
  const problems = useEditor((state) => state.problems);
  const isFresh = useEditor((state) => state.freshNodes.has(nodeId));
  const loose = problems.filter((problem) => problem.node_id === nodeId && !problem.field);
  return isFresh ? null : loose.map((problem) => <LooseProblem key={problem.code} {...problem} />);
}

function LooseProblem({ severity, message, fix }: Problem) {
  return (
    <Alert
      mb="md"
      color={severity === "error" ? "red" : "yellow"}
      icon={<IconAlertTriangle aria-hidden />}
    >
      {[message, fix].filter(Boolean).join(" ")}
    </Alert>
  );
}

function UnknownType({ type }: { type: string }) {
  const { t } = useTranslation("editor");
  return (
    <Alert color="yellow" icon={<IconPuzzleOff aria-hidden />} title={t("unknownType.title")}>
      {t("unknownType.text", { type })}
    </Alert>
  );
}
