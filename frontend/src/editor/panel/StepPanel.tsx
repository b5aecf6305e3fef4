import "@/i18n/later/editor";

import { Alert, CloseButton, SegmentedControl, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconPuzzleOff } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Problem } from "@/api/types";
import type { NodeType } from "@/graph/catalog";
import { type Pin, pinOf } from "@/graph/pins";
import { nodeById } from "@/graph/queries";
import type { GraphNode } from "@/graph/values";
import { ErrorNotice } from "@/ui/ErrorNotice";

import { type Insert, InsertTarget } from "../fields/insertTarget";
import { closePanel } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";
import { LivePreview } from "./LivePreview";
import { InputPane } from "./InputPane";
import { PinnedOutput } from "./PinnedOutput";
import { StepForm } from "./StepForm";
import { StepHead } from "./StepHead";
import { StepNotes } from "./StepNotes";
import { StepResult } from "./StepResult";
import { StepTools } from "./StepTools";
import { TrialResult } from "./TrialResult";
import { useRealEvent } from "./useRealEvent";
import { useTrial } from "./useTrial";
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
  const readOnly = useEditor((state) => state.readOnly);
  const isStep = type !== undefined && type.category !== "trigger";
  const [hasInput, input] = useDisclosure();
  const views = useViews(node.id);
  const isFetching = useRealEvent();
  const target = useRef<Insert | null>(null);
  const ref = useFocusFromKeys();
  return (
    <InsertTarget value={target}>
      <aside
        ref={ref}
        tabIndex={-1}
        className={classes.panel}
        aria-label={t("panel.name")}
        data-editor-panel
      >
        {isStep && hasInput && <InputPane nodeId={node.id} onClose={input.close} />}
        <div className={classes.main}>
          <div className={classes.top}>
            <StepHead node={node} type={type} />
            <CloseButton aria-label={t("panel.close")} onClick={() => closePanel(store)} />
          </div>
          {isStep && !readOnly && (
            <StepTools
              nodeId={node.id}
              input={{ isOpen: hasInput, toggle: input.toggle }}
              trial={{ isBusy: isFetching || views.trial.isBusy, run: views.tryOut }}
              given={views.given}
            />
          )}
          {views.hasResult && <ViewChoice {...views} />}
          <div className={classes.body}>
            {views.view === "result" ? (
              <Result nodeId={node.id} trial={views.trial} />
            ) : (
              <Settings node={node} type={type} />
            )}
          </div>
        </div>
      </aside>
    </InsertTarget>
  );
}

/** Whether settings or what happened is shown, and what there is to show. */
function useViews(nodeId: string) {
  const traced = useEditor((state) => state.trace?.byNode.get(nodeId));
  const isTraced = useEditor((state) => state.trace !== null);
  const isPinned = useEditor(({ graph }) => pinOf(graph.settings, nodeId) !== null);
  const trial = useTrial(nodeId);
  const [chosen, choose] = useState<View | null>(null);
  const [wasTried, setTried] = useState(false);
  const hasResult = isTraced || isPinned || wasTried;
  const tryOut = (): void => {
    setTried(true);
    choose("result");
    void trial.run();
  };
  const last = trial.trial?.steps.at(-1) ?? traced;
  const given: Pin | null = last?.port == null ? null : { port: last.port, output: last.output };
  const view: View = hasResult
    ? (chosen ?? (isTraced || wasTried ? "result" : "settings"))
    : "settings";
  return { view, choose, hasResult, trial, tryOut, given };
}

function ViewChoice({ view, choose }: { view: View; choose: (view: View) => void }) {
  const { t } = useTranslation("editor");
  return (
    <SegmentedControl
      fullWidth
      className={classes.views ?? ""}
      aria-label={t("panel.views")}
      value={view}
      onChange={choose}
      data={[
        { value: "result", label: t("panel.result") },
        { value: "settings", label: t("panel.settings") },
      ]}
    />
  );
}

/** What the step did alone, else in the test or run on the canvas; its pin stands above. */
function Result({ nodeId, trial }: { nodeId: string; trial: ReturnType<typeof useTrial> }) {
  const settings = useEditor((state) => state.graph.settings);
  const isTraced = useEditor((state) => state.trace !== null);
  const pin = useMemo(() => pinOf(settings, nodeId), [settings, nodeId]);
  return (
    <>
      {pin && <PinnedOutput nodeId={nodeId} pin={pin} />}
      {trial.error !== null && <ErrorNotice error={trial.error} />}
      {trial.trial && (
        <TrialResult trial={trial.trial} again={(locale) => void trial.run(locale)} />
      )}
      {isTraced && !trial.trial && <StepResult nodeId={nodeId} />}
    </>
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
  const readOnly = useEditor((state) => state.readOnly);
  if (!type) return <UnknownType type={node.type} />;
  return (
    <>
      <Text size="sm" c="dimmed" mb="md">
        {type.description}
      </Text>
      <LooseProblems nodeId={node.id} />
      <StepForm node={node} type={type} />
      {type.message && !readOnly && <LivePreview nodeId={node.id} />}
      <StepNotes node={node} />
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
