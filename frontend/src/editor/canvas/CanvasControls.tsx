import { ActionIcon, Tooltip } from "@mantine/core";
import {
  type Icon,
  IconArrowsMaximize,
  IconKeyboard,
  IconLayoutGrid,
  IconMinus,
  IconMouse,
  IconNote,
  IconPlus,
  IconSearch,
} from "@tabler/icons-react";
import { MiniMap, Panel } from "@xyflow/react";
import { useTranslation } from "react-i18next";

import { useEditor } from "../store/EditorContext";
import classes from "./Canvas.module.css";
import type { CanvasNode } from "./flowElements";
import { useDeeds } from "./useDeeds";
import { useWheel } from "./wheel";

/** Zoom, fit, tidy up, and the small map. */
export function CanvasControls() {
  const { t } = useTranslation("editor");
  const deeds = useDeeds();
  const [wheel, setWheel] = useWheel();
  const readOnly = useEditor((state) => state.readOnly);
  const hasSteps = useEditor((state) => state.graph.nodes.length > 0);
  const colorOf = useKindColor();
  if (!hasSteps) return null;
  return (
    <>
      <Panel position="bottom-left" className={classes.controls}>
        <Control icon={IconMinus} words={t("canvas.zoomOut")} act={deeds.zoomOut} />
        <Control icon={IconPlus} words={t("canvas.zoomIn")} act={deeds.zoomIn} />
        <Control icon={IconArrowsMaximize} words={t("canvas.fit")} act={deeds.fit} />
        {!readOnly && <Control icon={IconLayoutGrid} words={t("canvas.tidy")} act={deeds.tidy} />}
        {!readOnly && (
          <Control icon={IconNote} words={t("canvas.note")} act={() => deeds.addNote()} />
        )}
        <Control icon={IconSearch} words={t("canvas.search")} act={deeds.search} />
        <Control
          icon={IconMouse}
          words={t(wheel === "pan" ? "canvas.wheelPans" : "canvas.wheelZooms")}
          act={() => setWheel(wheel === "pan" ? "zoom" : "pan")}
          isOn={wheel === "zoom"}
        />
        <Control icon={IconKeyboard} words={t("canvas.shortcuts")} act={deeds.shortcuts} />
      </Panel>
      <MiniMap<CanvasNode>
        pannable
        zoomable
        className={classes.map ?? ""}
        style={{ width: 150, height: 96 }}
        nodeColor={colorOf}
        nodeBorderRadius={20}
        ariaLabel={t("canvas.map")}
      />
    </>
  );
}

function useKindColor(): (node: CanvasNode) => string {
  const catalog = useEditor((state) => state.catalog);
  return ({ type, data }) => {
    if (type === "note") return "var(--cw-line-strong)";
    const category = catalog.get(data.step.type)?.category;
    return category ? `var(--cw-kind-${category})` : "var(--cw-text-muted)";
  };
}

interface ControlProps {
  icon: Icon;
  words: string;
  act: () => void;
  /** For a setting that is on or off. */
  isOn?: boolean;
}

function Control({ icon: Picture, words, act, isOn }: ControlProps) {
  return (
    <Tooltip label={words}>
      <ActionIcon
        variant={isOn ? "light" : "subtle"}
        color={isOn ? undefined : "gray"}
        size={32}
        onClick={act}
        aria-label={words}
        aria-pressed={isOn}
      >
        <Picture size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
