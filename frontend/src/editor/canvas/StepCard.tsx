import { Tooltip, VisuallyHidden } from "@mantine/core";
import { IconAlertTriangle, IconBan, IconPinFilled, IconPlus } from "@tabler/icons-react";
import type { NodeProps } from "@xyflow/react";
import { memo, type MouseEvent } from "react";

import { useWords } from "@/i18n/useWords";
import { NodeIcon } from "@/ui/NodeIcon";
import type { NodeType, Port } from "@/graph/catalog";
import type { Refusal } from "@/graph/connecting";
import { HEADER_HEIGHT, portHeight, portRows } from "@/graph/geometry";
import { pinOf } from "@/graph/pins";
import { portsOf } from "@/graph/queries";
import { ERROR_PORT, type GraphNode, INPUT_PORT, MAIN_PORT } from "@/graph/values";

import { outputKey, problemCounts, usedOutputs } from "../store/derived";
import { useEditor, useEditorStore } from "../store/EditorContext";
import { LazyCardNumbers } from "../numbers/LazyCardNumbers";
import { StepSummary } from "../summary/StepSummary";
import type { StepNode } from "./flowElements";
import classes from "./StepCard.module.css";
import { StepHandle } from "./StepHandle";
import { usePaintedStatus } from "./statusPaint";
import { StepMark } from "./StepMark";

/** A step on the canvas; from afar a plain block, which is as cheap as it looks. */
export const StepCard = memo(function StepCard({ data, selected }: NodeProps<StepNode>) {
  const { step, far } = data;
  const type = useEditor((state) => state.catalog.get(step.type));
  const target = useEditor(({ targets, keyWire }) => {
    if (keyWire?.candidates[keyWire.chosen] === step.id) return "chosen";
    return targets === null ? undefined : (targets.get(step.id) ?? "welcome");
  });
  const found = useEditor((state) => state.found?.has(step.id));
  const whyNot = useWhyNot(target);
  return (
    <div
      ref={usePaintedStatus(step.id)}
      className={classes.card}
      data-kind={type?.category}
      data-selected={selected || undefined}
      data-disabled={step.disabled}
      data-target={target}
      data-found={found}
      data-why={whyNot}
    >
      {far ? (
        <Block step={step} type={type} />
      ) : (
        <Face step={step} type={type} isSelected={selected} />
      )}
    </div>
  );
});

/** Why the wire being pulled cannot end here; shown while it hovers over the card. */
function useWhyNot(target: Refusal | "welcome" | "chosen" | undefined): string | undefined {
  const t = useWords("editor");
  if (target === undefined || target === "welcome" || target === "chosen") return undefined;
  if (target === "same_step") return undefined;
  return t(`refused.${target}`);
}

interface FaceProps {
  step: GraphNode;
  type: NodeType | undefined;
}

function Block({ step, type }: FaceProps) {
  const t = useWords("editor");
  return <div className={classes.block}>{step.label ?? type?.label ?? t("step.unknown")}</div>;
}

function Face({ step, type, isSelected }: FaceProps & { isSelected: boolean }) {
  const store = useEditorStore();
  const trace = useEditor((state) => state.trace?.byNode.get(step.id));
  const ports = portsOf(store.getState().graph, step, type);
  return (
    <>
      {type?.category !== "trigger" && (
        <StepHandle nodeId={step.id} port={INPUT_PORT} type="target" top={HEADER_HEIGHT / 2} />
      )}
      <Head step={step} type={type} />
      <StepMark step={trace} />
      <LazyCardNumbers nodeId={step.id} isTrigger={type?.category === "trigger"} />
      <Outputs step={step} ports={ports} isSelected={isSelected} />
    </>
  );
}

function Head({ step, type }: FaceProps) {
  const t = useWords("editor");
  const name = step.label ?? type?.label ?? t("step.unknown");
  return (
    <div className={classes.head} title={step.description}>
      <span className={classes.icon}>
        <NodeIcon svg={type?.icon ?? ""} size={22} />
      </span>
      <span className={classes.words}>
        <span className={classes.name}>{name}</span>
        <Summary step={step} type={type} />
      </span>
      <PinMark id={step.id} />
      {step.disabled && <IconBan size={18} aria-label={t("step.off")} className={classes.off} />}
      <ProblemDot id={step.id} />
    </div>
  );
}

/** Says that tests take a pinned output instead of performing the step. */
function PinMark({ id }: { id: string }) {
  const t = useWords("editor");
  const isPinned = useEditor(({ graph }) => pinOf(graph.settings, id) !== null);
  if (!isPinned) return null;
  return (
    <Tooltip label={t("pin.hint")} multiline maw={240}>
      <span className={classes.pin}>
        <IconPinFilled size={16} aria-label={t("pin.pinned")} />
      </span>
    </Tooltip>
  );
}

function Summary({ step, type }: FaceProps) {
  return (
    <span className={classes.summary}>
      <StepSummary step={step} type={type} />
    </span>
  );
}

function ProblemDot({ id }: { id: string }) {
  const t = useWords("editor");
  const count = useEditor(({ problems, freshNodes }) =>
    freshNodes.has(id) ? undefined : problemCounts(problems).get(id),
  );
  if (!count) return null;
  const isError = count.errors > 0;
  const number = isError ? count.errors : count.warnings;
  const words = t(isError ? "step.errors" : "step.warnings", { count: number });
  return (
    <Tooltip label={words}>
      <span className={classes.problem} data-severity={isError ? "error" : "warning"}>
        <IconAlertTriangle size={14} aria-hidden />
        <span aria-hidden>{number}</span>
        <VisuallyHidden>{words}</VisuallyHidden>
      </span>
    </Tooltip>
  );
}

interface OutputsProps {
  step: GraphNode;
  isSelected: boolean;
  ports: readonly Port[];
}

function Outputs({ step, ports, isSelected }: OutputsProps) {
  const rows = portRows(ports);
  return (
    <>
      {rows.length > 0 && (
        <div className={classes.rows}>
          {rows.map((port) => (
            <PortRow key={port.id} port={port} />
          ))}
        </div>
      )}
      {ports.map((port) => (
        <Output
          key={port.id}
          step={step}
          port={port}
          top={portHeight(ports, port.id)}
          isSelected={isSelected}
        />
      ))}
    </>
  );
}

function PortRow({ port }: { port: Port }) {
  const t = useWords("editor");
  return (
    <div className={classes.row} data-error={port.id === ERROR_PORT || undefined}>
      {port.label || t("port.nameless")}
    </div>
  );
}

interface OutputProps {
  step: GraphNode;
  port: Port;
  top: number;
  /** Tab stops at the buttons of the chosen step only. */
  isSelected: boolean;
}

function Output({ step, port, top, isSelected }: OutputProps) {
  const isOpen = useEditor(
    ({ graph, readOnly }) =>
      !readOnly && !usedOutputs(graph.edges).has(outputKey(step.id, port.id)),
  );
  return (
    <>
      <StepHandle
        nodeId={step.id}
        port={port.id}
        type="source"
        top={top}
        isError={port.id === ERROR_PORT}
      />
      {isOpen && <AddButton step={step} port={port} top={top} isSelected={isSelected} />}
    </>
  );
}

function AddButton({ step, port, top, isSelected }: OutputProps) {
  const t = useWords("editor");
  const store = useEditorStore();
  const output = { source: step.id, sourceHandle: port.id };
  const open = (event: MouseEvent) => {
    event.stopPropagation();
    const { right: x, top: y } = event.currentTarget.getBoundingClientRect();
    store.setState({ picker: { task: { kind: "after", output }, at: { x: x + 8, y: y - 8 } } });
  };
  return (
    <div className={classes.stub} style={{ top }} data-error={port.id === ERROR_PORT || undefined}>
      <button
        type="button"
        tabIndex={isSelected ? 0 : -1}
        className={`${classes.add ?? ""} nodrag nopan`}
        onClick={open}
        aria-label={
          port.id === MAIN_PORT ? t("add.next") : t("add.nextOn", { port: port.label || port.id })
        }
      >
        <IconPlus size={14} stroke={2.4} aria-hidden />
      </button>
    </div>
  );
}
