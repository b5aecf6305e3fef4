import { Panel } from "@xyflow/react";
import { memo, useEffect } from "react";
import { useTranslation } from "react-i18next";

import type { Catalog } from "@/graph/catalog";
import { nodeById, portsOf } from "@/graph/queries";
import { ERROR_PORT, type Graph, MAIN_PORT } from "@/graph/values";

import { useAnnounce } from "../Announcer";
import type { KeyWire } from "../store/editorStore";
import { useEditor } from "../store/EditorContext";
import classes from "./Canvas.module.css";
import { useCentre } from "./fitting";
import { OnCanvas } from "./OnCanvas";
import { outputPlace, wirePath } from "./wirePath";

/** The wire that is being drawn with the keys, and what can be done with it. */
export const KeyWireLine = memo(function KeyWireLine() {
  const wire = useEditor((state) => state.keyWire);
  return wire && <OpenWire wire={wire} />;
});

function OpenWire({ wire }: { wire: KeyWire }) {
  const { t } = useTranslation("editor");
  const announce = useAnnounce();
  const target = wire.candidates[wire.chosen] ?? "";
  const words = useWireWords(wire, target);
  const path = useEditor(({ graph, catalog }) => pathOf(graph, catalog, wire, target));
  useInView(target);
  useEffect(() => announce(words), [announce, words]);
  return (
    <>
      <OnCanvas>
        <svg className={classes.keyWire} aria-hidden>
          <path d={path} />
        </svg>
      </OnCanvas>
      <Panel position="top-center" className={classes.hint}>
        <strong>{words}</strong>
        <span>{t("keyWire.keys")}</span>
      </Panel>
    </>
  );
}

function useWireWords({ source, sourceHandle, candidates, chosen }: KeyWire, target: string) {
  const { t } = useTranslation("editor");
  return useEditor(({ graph, catalog }) => {
    const nameOf = (id: string): string => {
      const step = nodeById(graph, id);
      return step?.label ?? catalog.get(step?.type ?? "")?.label ?? t("step.unknown");
    };
    const step = nodeById(graph, source);
    const ports = step ? portsOf(graph, step, catalog.get(step.type)) : [];
    const port = ports.find(({ id }) => id === sourceHandle);
    const standard: Readonly<Record<string, string>> = {
      [MAIN_PORT]: t("port.done"),
      [ERROR_PORT]: t("port.error"),
    };
    const output =
      ports.length > 1 ? labelOf(port?.label, standard[sourceHandle] ?? sourceHandle) : "";
    return t(output ? "keyWire.fromOutput" : "keyWire.from", {
      source: nameOf(source),
      output,
      target: nameOf(target),
      number: chosen + 1,
      count: candidates.length,
    });
  });
}

const labelOf = (label: string | undefined, standard: string): string =>
  label === undefined || label === "" ? standard : label;

function pathOf(graph: Graph, catalog: Catalog, wire: KeyWire, targetId: string): string {
  const source = nodeById(graph, wire.source);
  const target = nodeById(graph, targetId);
  if (!source || !target) return "";
  const output = outputPlace(graph, catalog, source, wire.sourceHandle);
  return wirePath(
    { x: source.position.x + output.x, y: source.position.y + output.y },
    target.position,
  );
}

const GLANCE_MS = 150;

/** Brings the chosen target into view without changing the zoom. */
function useInView(nodeId: string): void {
  const centre = useCentre();
  useEffect(() => centre(nodeId, GLANCE_MS), [nodeId, centre]);
}
