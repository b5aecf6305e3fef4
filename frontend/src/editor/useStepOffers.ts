import { useMemo } from "react";

import { useOffers } from "@/app/palette/offers";

import { useEditor } from "./store/EditorContext";
import { useShowStep } from "./useShowStep";

/** Lets the palette find the steps that are drawn here. */
export function useStepOffers(): void {
  const show = useShowStep();
  const nodes = useEditor((state) => state.graph.nodes);
  const catalog = useEditor((state) => state.catalog);
  const offers = useMemo(
    () =>
      nodes.map(({ id, type, label }) => ({
        id: `step-${id}`,
        label: label ?? catalog.get(type)?.label ?? type,
        act: () => show(id),
      })),
    [nodes, catalog, show],
  );
  useOffers(offers);
}
