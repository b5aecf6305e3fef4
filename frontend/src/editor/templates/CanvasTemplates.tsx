import "@/i18n/later/editor";

import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { templatesQuery } from "@/api/start";
import { readGraphJson } from "@/graph/reading";
import { TemplateCards } from "@/pages/start/TemplateCards";

import { useFit } from "../canvas/fitting";
import { perform } from "../store/editorStore";
import { useEditorStore } from "../store/EditorContext";
import classes from "./CanvasTemplates.module.css";

/** As many as one looks at before choosing a trigger. */
const OFFERED = 3;
const GESTURE = "template";

/** Whole drawings for a canvas that is still empty; one step of undo takes them away again. */
export function CanvasTemplates() {
  const { t } = useTranslation("editor");
  const { data: templates = [] } = useQuery(templatesQuery);
  const draw = useDraw();
  if (templates.length === 0) return null;
  return (
    <section className={classes.templates}>
      <Text fw={650} mb="sm">
        {t("empty.templates")}
      </Text>
      <TemplateCards templates={templates.slice(0, OFFERED)} onGraph={draw} />
    </section>
  );
}

function useDraw() {
  const store = useEditorStore();
  const fit = useFit();
  return useCallback(
    (drawn: unknown) => {
      const graph = readGraphJson(drawn);
      if (graph === null) return;
      const { nodes, edges, notes = [], settings } = graph;
      perform(store, { kind: "paste", nodes, edges, notes }, GESTURE);
      const before = store.getState().graph.settings;
      perform(store, { kind: "setSettings", settings: { ...before, ...settings } }, GESTURE);
      requestAnimationFrame(() => fit());
    },
    [store, fit],
  );
}
