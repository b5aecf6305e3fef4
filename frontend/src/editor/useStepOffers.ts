import { useMemo } from "react";

import { useOffers } from "@/app/palette/offers";
import { useWords } from "@/i18n/useWords";

import { useEditor, useEditorStore } from "./store/EditorContext";
import { useShowStep } from "./useShowStep";

/** Lets the palette find the steps that are drawn here, and rehearse. */
export function useStepOffers(): void {
  const show = useShowStep();
  const store = useEditorStore();
  const t = useWords("editor");
  const nodes = useEditor((state) => state.graph.nodes);
  const catalog = useEditor((state) => state.catalog);
  const offers = useMemo(
    () => [
      ...nodes.map(({ id, type, label }) => ({
        id: `step-${id}`,
        label: label ?? catalog.get(type)?.label ?? type,
        act: () => show(id),
      })),
      {
        id: "rehearse",
        label: t("top.rehearse"),
        act: () => store.setState({ overlay: "rehearsal" }),
      },
    ],
    [nodes, catalog, show, store, t],
  );
  useOffers(offers);
}
