import { lazy, Suspense, useEffect } from "react";

import { orLater } from "@/ui/orLater";

import { useEditor } from "../store/EditorContext";

const load = () => orLater(() => import("./OpenPicker"));
const OpenPicker = lazy(async () => ({ default: (await load()).OpenPicker }));

const CANVAS_FIRST_MS = 500;

/** The list of steps that opens at a `+`, at a loose wire, or at `/`. It is there before it is asked for. */
export function StepPicker() {
  const picker = useEditor((state) => state.picker);
  useEffect(() => {
    const timer = setTimeout(() => void load(), CANVAS_FIRST_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!picker) return null;
  return (
    <Suspense fallback={null}>
      <OpenPicker key={JSON.stringify(picker)} picker={picker} />
    </Suspense>
  );
}
