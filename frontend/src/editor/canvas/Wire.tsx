import { IconPlus, IconX } from "@tabler/icons-react";
import { BaseEdge, type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo, type MouseEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { useNotify } from "@/ui/notify";

import { perform } from "../store/editorStore";
import { useEditor, useEditorStore, useMotion } from "../store/EditorContext";
import type { WireEdge } from "./flowElements";
import classes from "./Wire.module.css";

const BUTTONS = { width: 60, height: 30 };

/** An edge; on hover, or as the only thing selected, it offers to insert a step and to cut itself. */
export const Wire = memo(function Wire(props: EdgeProps<WireEdge>) {
  const { id, selected, data } = props;
  const [path, x, y] = getBezierPath(props);
  const traced = useEditor(({ trace }) =>
    trace === null ? undefined : trace.takenEdges.has(id) ? "taken" : "untaken",
  );
  const count = useEditor(({ trace }) => trace?.edgeCounts.get(id));
  const readOnly = useEditor((state) => state.readOnly);
  const isChosen = useEditor(
    ({ selectedEdges, selectedNodes }) =>
      selected === true && selectedEdges.size === 1 && selectedNodes.size === 0,
  );
  const isDrop = useMotion(({ dropEdge }) => dropEdge === id);
  const far = data?.far === true;
  const [hovered, setHovered] = useState(false);
  return (
    <g
      className={classes.wire}
      data-selected={selected}
      data-trace={traced}
      data-far={far || undefined}
      data-drop={isDrop || undefined}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
    >
      <BaseEdge path={path} interactionWidth={far ? 0 : 24} className={classes.line ?? ""} />
      {count !== undefined && !far && (
        <text x={x} y={y - 8} textAnchor="middle" className={classes.count}>
          {`${count}×`}
        </text>
      )}
      {!readOnly && !far && (hovered || isChosen) && (
        <foreignObject
          {...BUTTONS}
          x={x - BUTTONS.width / 2}
          y={y - BUTTONS.height / 2}
          className={classes.buttons}
        >
          <WireButtons id={id} />
        </foreignObject>
      )}
    </g>
  );
});

function WireButtons({ id }: { id: string }) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const { done } = useNotify();
  const insert = (event: MouseEvent) => {
    event.stopPropagation();
    const { left: x, bottom: y } = event.currentTarget.getBoundingClientRect();
    store.setState({ picker: { task: { kind: "edge", edgeId: id }, at: { x, y: y + 6 } } });
  };
  const cut = (event: MouseEvent) => {
    event.stopPropagation();
    perform(store, { kind: "disconnect", edgeIds: [id] });
    done(t("said.disconnected"));
  };
  return (
    <div className={classes.pair}>
      <button type="button" onClick={insert} aria-label={t("edge.insert")} title={t("edge.insert")}>
        <IconPlus size={14} stroke={2.4} aria-hidden />
      </button>
      <button type="button" onClick={cut} aria-label={t("edge.cut")} title={t("edge.cut")}>
        <IconX size={14} stroke={2.4} aria-hidden />
      </button>
    </div>
  );
}
