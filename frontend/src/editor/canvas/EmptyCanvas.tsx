import { lazy, Suspense } from "react";

import { orLater } from "@/ui/orLater";

import { useEditor } from "../store/EditorContext";

const StartQuestion = lazy(async () => ({
  default: (await orLater(() => import("./StartQuestion"))).StartQuestion,
}));

/** What stands on an empty canvas; most canvases never show it. */
export function EmptyCanvas() {
  const isEmpty = useEditor((state) => state.graph.nodes.length === 0 && !state.readOnly);
  if (!isEmpty) return null;
  return (
    <Suspense fallback={null}>
      <StartQuestion />
    </Suspense>
  );
}
