import { Skeleton } from "@mantine/core";
import type { NodeProps } from "@xyflow/react";
import { lazy, Suspense, useEffect } from "react";
import { useStore } from "zustand";

import type { Workflow } from "@/api/types";
import { orLater } from "@/ui/orLater";

import panelClasses from "./panel/StepPanel.module.css";
import type { NoteNode } from "./canvas/flowElements";
import type { Autosaver } from "./saving/Autosaver";
import { useEditor } from "./store/EditorContext";

const loadPanel = () => orLater(() => import("./panel/StepPanel"));
const loadTest = () => orLater(() => import("./testing/TestBar"));

const StepPanel = lazy(async () => ({ default: (await loadPanel()).StepPanel }));
const TestBar = lazy(async () => ({ default: (await loadTest()).TestBar }));

const CanvasSearch = lazy(async () => ({
  default: (await orLater(() => import("./search/CanvasSearch"))).CanvasSearch,
}));
const ShortcutsDialog = lazy(async () => ({
  default: (await orLater(() => import("./menu/ShortcutsDialog"))).ShortcutsDialog,
}));
const CanvasMenu = lazy(async () => ({
  default: (await orLater(() => import("./menu/CanvasMenu"))).CanvasMenu,
}));

const NoteCard = lazy(async () => ({
  default: (await orLater(() => import("./notes/NoteCard"))).NoteCard,
}));

const CANVAS_FIRST_MS = 1_000;

/** Fetches what the canvas can do without at first, before somebody asks for it. */
export function useRestInTime(): void {
  useEffect(() => {
    const timer = setTimeout(() => void Promise.all([loadPanel(), loadTest()]), CANVAS_FIRST_MS);
    return () => clearTimeout(timer);
  }, []);
}

/** The panel of the open step; its forms are fetched when the first step is opened. */
export function LazyStepPanel() {
  const isOpen = useEditor((state) => state.openNode !== null);
  if (!isOpen) return null;
  return (
    <Suspense fallback={<PanelSkeleton />}>
      <StepPanel />
    </Suspense>
  );
}

/** As wide as the panel, so that nothing jumps. */
function PanelSkeleton() {
  return (
    <aside className={panelClasses.panel} aria-busy>
      <div className={panelClasses.body}>
        <Skeleton height={42} mb="xl" />
        <Skeleton height={64} mb="md" />
        <Skeleton height={64} />
      </div>
    </aside>
  );
}

export function LazyTestBar({ onClose }: { onClose: () => void }) {
  return (
    <Suspense fallback={null}>
      <TestBar onClose={onClose} />
    </Suspense>
  );
}

/** A note on the canvas; most workflows have none. */
export function LazyNote(props: NodeProps<NoteNode>) {
  return (
    <Suspense fallback={null}>
      <NoteCard {...props} />
    </Suspense>
  );
}

/** What opens over the canvas when it is asked for: a menu, the search, the list of keys. */
export function LazyOverlays() {
  const overlay = useEditor((state) => state.overlay);
  const hasMenu = useEditor((state) => state.menu !== null);
  return (
    <Suspense fallback={null}>
      {hasMenu && <CanvasMenu />}
      {overlay === "search" && <CanvasSearch />}
      {overlay === "shortcuts" && <ShortcutsDialog />}
    </Suspense>
  );
}

const NumbersBar = lazy(async () => ({
  default: (await orLater(() => import("./numbers/NumbersBar"))).NumbersBar,
}));

/** What came of the steps; a canvas is drawn without it first. */
export function LazyNumbersBar({ workflowId }: { workflowId: string }) {
  return (
    <Suspense fallback={null}>
      <NumbersBar workflowId={workflowId} />
    </Suspense>
  );
}

const RehearsalDialog = lazy(async () => ({
  default: (await orLater(() => import("./rehearsal/RehearsalDialog"))).RehearsalDialog,
}));

/** What the draft would have made of what really happened, while somebody asks. */
export function LazyRehearsal(props: { saver: Autosaver; workflow: Workflow }) {
  const isOpen = useEditor((state) => state.overlay === "rehearsal");
  if (!isOpen) return null;
  return (
    <Suspense fallback={null}>
      <RehearsalDialog {...props} />
    </Suspense>
  );
}

const SaveTrouble = lazy(async () => ({
  default: (await orLater(() => import("./saving/SaveTrouble"))).SaveTrouble,
}));

/** What stands above the canvas while the draft cannot be saved as it is: hardly ever anything. */
export function LazySaveTrouble({ saver, workflow }: { saver: Autosaver; workflow: Workflow }) {
  const isStuck = useStore(saver.state, ({ kind }) => kind === "refused" || kind === "conflict");
  if (!isStuck) return null;
  return (
    <Suspense fallback={null}>
      <SaveTrouble saver={saver} workflow={workflow} />
    </Suspense>
  );
}
