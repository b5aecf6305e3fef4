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
import { Panel } from "@xyflow/react";
import { memo } from "react";
import { useTranslation } from "react-i18next";

import { useEditor } from "../store/EditorContext";
import classes from "./Canvas.module.css";
import { SmallMap } from "./SmallMap";
import { useDeeds } from "./useDeeds";
import { useWheel } from "./wheel";

/** Zoom, fit, tidy up, and the small map. */
export const CanvasControls = memo(function CanvasControls() {
  const { t } = useTranslation("editor");
  const deeds = useDeeds();
  const [wheel, setWheel] = useWheel();
  const readOnly = useEditor((state) => state.readOnly);
  const hasSteps = useEditor((state) => state.graph.nodes.length > 0);
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
      <SmallMap />
    </>
  );
});

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
