import { memo, useMemo } from "react";
import { useTranslation } from "react-i18next";

import { bodiesOf, type Body, frameOf } from "@/graph/bodies";

import { useEditor, useMotion } from "../store/EditorContext";
import classes from "./Canvas.module.css";
import { OnCanvas } from "./OnCanvas";

/** Behind the steps that are repeated together, a frame that says by which step. */
export const Bodies = memo(function Bodies() {
  const graph = useEditor((state) => state.graph);
  const bodies = useMemo(() => bodiesOf(graph), [graph]);
  if (bodies.length === 0) return null;
  return (
    <OnCanvas>
      {bodies.map((body) => (
        <Frame key={body.owner.id} body={body} />
      ))}
    </OnCanvas>
  );
});

function Frame({ body }: { body: Body }) {
  const { t } = useTranslation("editor");
  const graph = useEditor((state) => state.graph);
  const catalog = useEditor((state) => state.catalog);
  const moving = useMotion((motion) => motion.moving);
  const { x, y, width, height } = frameOf(
    graph,
    catalog,
    body,
    (node) => moving.get(node.id) ?? node.position,
  );
  const { owner, holds } = body;
  const name = owner.label ?? catalog.get(owner.type)?.label ?? t("step.unknown");
  return (
    <div
      className={classes.body}
      data-body-of={owner.id}
      style={{ transform: `translate(${x}px, ${y}px)`, width, height, zIndex: -2 - holds }}
    >
      {t("body.of", { name })}
    </div>
  );
}
