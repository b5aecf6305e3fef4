import { IconMinus, IconPencil, IconPlus } from "@tabler/icons-react";
import { ReactFlowProvider } from "@xyflow/react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Catalog } from "@/graph/catalog";
import type { Comparison, Mark } from "@/graph/comparing";
import { boxOf } from "@/graph/placing";
import { nodeById } from "@/graph/queries";

import { Canvas } from "../canvas/Canvas";
import { OnCanvas } from "../canvas/OnCanvas";
import { LazyOverlays } from "../lazily";
import { createEditorStore } from "../store/editorStore";
import { EditorProvider } from "../store/EditorContext";
import classes from "./Versions.module.css";

interface Props extends Comparison {
  catalog: Catalog;
  name: string;
  isAgainstDraft: boolean;
}

/** A small canvas for reading, with what differs marked by shape, sign and word. */
export function VersionDrawing({ graph, marks, catalog, name, isAgainstDraft }: Props) {
  const [store] = useState(() => createEditorStore({ catalog, graph, readOnly: true }));
  return (
    <div className={classes.drawing} role="group" aria-label={name}>
      <EditorProvider store={store}>
        <ReactFlowProvider>
          <Canvas />
          <LazyOverlays />
          <OnCanvas>
            {[...marks].map(([id, mark]) => {
              const node = nodeById(graph, id);
              if (!node) return null;
              const { x, y, width, height } = boxOf(graph, catalog, node);
              return (
                <div
                  key={id}
                  className={classes.frame}
                  data-mark={mark}
                  data-mark-of={id}
                  style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
                >
                  <MarkWords mark={mark} isAgainstDraft={isAgainstDraft} />
                </div>
              );
            })}
          </OnCanvas>
        </ReactFlowProvider>
      </EditorProvider>
    </div>
  );
}

const PICTURES = { added: IconPlus, changed: IconPencil, removed: IconMinus } as const;

function MarkWords({ mark, isAgainstDraft }: { mark: Mark; isAgainstDraft: boolean }) {
  const { t } = useTranslation("versions");
  const Picture = PICTURES[mark];
  return (
    <span className={classes.mark}>
      <Picture size={16} stroke={2.4} aria-hidden />
      {isAgainstDraft ? t(`markDraft.${mark}`) : t(`mark.${mark}`)}
    </span>
  );
}
