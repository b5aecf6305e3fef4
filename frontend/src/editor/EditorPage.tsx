import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import type { Workflow } from "@/api/types";
import { workflowQuery } from "@/api/workflows";
import type { Catalog } from "@/graph/catalog";
import { PageTrouble } from "@/ui/PageTrouble";

import { Announcer } from "./Announcer";
import { Canvas } from "./canvas/Canvas";
import { useClipboard } from "./canvas/useClipboard";
import { useShortcuts } from "./canvas/useShortcuts";
import { useCatalog } from "./catalog";
import { EditorSkeleton } from "./EditorSkeleton";
import classes from "./Editor.module.css";
import {
  LazyNumbersBar,
  LazyOverlays,
  LazyRehearsal,
  LazySaveTrouble,
  LazyStepPanel,
  LazyTestBar,
  useRestInTime,
} from "./lazily";
import { Palette } from "./palette/Palette";
import { StepPicker } from "./palette/StepPicker";
import { type KeptDraft, keptDraft } from "./saving/keptDrafts";
import { useAutosave } from "./saving/useAutosave";
import { createEditorStore, type EditorStore } from "./store/editorStore";
import { EditorProvider, useEditor } from "./store/EditorContext";
import { TopBar } from "./topbar/TopBar";
import { useStepOffers } from "./useStepOffers";

/** A workflow on its canvas. */
export function EditorPage() {
  const { id = "" } = useParams({ strict: false });
  return <OpenedWorkflow key={id} id={id} />;
}

/** The draft that this browser could not save last time; `undefined` until that is known. */
function useKeptDraft(id: string): KeptDraft | null | undefined {
  const [kept, setKept] = useState<KeptDraft | null>();
  useEffect(() => void keptDraft(id).then(setKept), [id]);
  return kept;
}

function OpenedWorkflow({ id }: { id: string }) {
  const { t } = useTranslation();
  // A draft from the cache may be older than the server's, so the editor waits for a fresh one.
  const [askedAt] = useState(() => Date.now());
  const query = useQuery({ ...workflowQuery(id), staleTime: 0, refetchOnWindowFocus: false });
  const { catalog, error } = useCatalog();
  const kept = useKeptDraft(id);
  // Once it is open it stays: a server that is away for a while takes the canvas from nobody.
  const isFresh = query.dataUpdatedAt >= askedAt;
  const fault = (isFresh ? null : query.error) ?? (catalog ? null : error);
  if (fault) {
    const list = { to: "/workflows", words: t("notFound.action") };
    return <PageTrouble error={fault} retry={() => void query.refetch()} list={list} />;
  }
  if (!query.data || !isFresh || !catalog || kept === undefined) return <EditorSkeleton />;
  return <Editor workflow={query.data} catalog={catalog} kept={kept} />;
}

interface EditorProps {
  workflow: Workflow;
  catalog: Catalog;
  kept: KeptDraft | null;
}

function Editor({ workflow, catalog, kept }: EditorProps) {
  const { person } = useSession();
  const [store] = useState(() =>
    createEditorStore({
      catalog,
      graph: kept?.graph ?? workflow.graph,
      problems: workflow.problem_list,
      readOnly: person.role === "viewer",
    }),
  );
  useEffect(() => store.setState({ catalog }), [store, catalog]);
  useEffect(() => {
    document.title = `${workflow.name} · Cartwheel`;
  }, [workflow.name]);
  return (
    <EditorProvider store={store}>
      <ReactFlowProvider>
        <Announcer>
          <Workbench store={store} workflow={workflow} kept={kept} />
        </Announcer>
      </ReactFlowProvider>
    </EditorProvider>
  );
}

type WorkbenchProps = Omit<EditorProps, "catalog"> & { store: EditorStore };

function Workbench({ store, workflow, kept }: WorkbenchProps) {
  const saver = useAutosave(store, workflow, kept);
  const [testing, test] = useDisclosure();
  const readOnly = useEditor((state) => state.readOnly);
  const isGiven = useEditor((state) => state.given !== null);
  const closeTest = (): void => {
    store.setState({ given: null });
    test.close();
  };
  useShortcuts();
  useStepOffers();
  useRestInTime();
  useClipboard();
  return (
    <div className={classes.editor}>
      <TopBar workflow={workflow} saver={saver} onTest={isGiven ? closeTest : test.toggle} />
      <LazySaveTrouble saver={saver} workflow={workflow} />
      <div className={classes.middle}>
        {!readOnly && <Palette />}
        <div className={classes.stage}>
          <div className={classes.canvas}>
            <Canvas viewOf={workflow.id} />
            <LazyOverlays />
            {workflow.state !== "draft" && <LazyNumbersBar workflowId={workflow.id} />}
          </div>
          {(testing || isGiven) && <LazyTestBar onClose={closeTest} />}
        </div>
        <LazyStepPanel />
      </div>
      <StepPicker />
      <LazyRehearsal saver={saver} workflow={workflow} />
    </div>
  );
}
