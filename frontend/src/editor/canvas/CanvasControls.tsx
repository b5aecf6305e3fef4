import { ActionIcon, Tooltip } from "@mantine/core";
import {
  type Icon,
  IconArrowsMaximize,
  IconLayoutGrid,
  IconMinus,
  IconPlus,
} from "@tabler/icons-react";
import { MiniMap, Panel, useReactFlow } from "@xyflow/react";
import { useTranslation } from "react-i18next";

import { perform } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";
import classes from "./Canvas.module.css";
import type { StepNode } from "./flowElements";

export const FIT_VIEW = { padding: 0.2, maxZoom: 1, duration: 200 };

/** Zoom, fit, tidy up, and the small map. */
export function CanvasControls() {
  const { t } = useTranslation("editor");
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  const store = useEditorStore();
  const readOnly = useEditor((state) => state.readOnly);
  const hasSteps = useEditor((state) => state.graph.nodes.length > 0);
  const colorOf = useKindColor();
  if (!hasSteps) return null;
  const tidy = (): void => {
    perform(store, { kind: "tidy" });
    requestAnimationFrame(() => void fitView(FIT_VIEW));
  };
  return (
    <>
      <Panel position="bottom-left" className={classes.controls}>
        <Control icon={IconMinus} words={t("canvas.zoomOut")} act={() => void zoomOut()} />
        <Control icon={IconPlus} words={t("canvas.zoomIn")} act={() => void zoomIn()} />
        <Control
          icon={IconArrowsMaximize}
          words={t("canvas.fit")}
          act={() => void fitView(FIT_VIEW)}
        />
        {!readOnly && <Control icon={IconLayoutGrid} words={t("canvas.tidy")} act={tidy} />}
      </Panel>
      <MiniMap<StepNode>
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

function useKindColor(): (node: StepNode) => string {
  const catalog = useEditor((state) => state.catalog);
  return ({ data }) => {
    const category = catalog.get(data.step.type)?.category;
    return category ? `var(--cw-kind-${category})` : "var(--cw-text-muted)";
  };
}

function Control({ icon: Picture, words, act }: { icon: Icon; words: string; act: () => void }) {
  return (
    <Tooltip label={words}>
      <ActionIcon variant="subtle" color="gray" size={32} onClick={act} aria-label={words}>
        <Picture size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
