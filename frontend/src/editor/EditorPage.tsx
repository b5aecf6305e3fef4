import { Box } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useState } from "react";

import { useSession } from "@/api/session";
import type { Workflow } from "@/api/types";
import { workflowQuery } from "@/api/workflows";
import type { Catalog } from "@/graph/catalog";
import { ErrorNotice } from "@/ui/ErrorNotice";

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
import { draftToOpen, useAutosave } from "./saving/useAutosave";
import { createEditorStore, type EditorStore } from "./store/editorStore";
import { EditorProvider, useEditor } from "./store/EditorContext";
import { TopBar } from "./topbar/TopBar";
import { useStepOffers } from "./useStepOffers";

/** A workflow on its canvas. */
export function EditorPage() {
  const { id = "" } = useParams({ strict: false });
  return <OpenedWorkflow key={id} id={id} />;
}

function OpenedWorkflow({ id }: { id: string }) {
  // A draft from the cache may be older than the server's, so the editor waits for a fresh one.
  const [askedAt] = useState(() => Date.now());
  const query = useQuery({ ...workflowQuery(id), staleTime: 0, refetchOnWindowFocus: false });
  const { catalog, error } = useCatalog();
  // Once it is open it stays: a server that is away for a while takes the canvas from nobody.
  const isFresh = query.dataUpdatedAt >= askedAt;
  const fault = (isFresh ? null : query.error) ?? (catalog ? null : error);
  if (fault) {
    return (
      <Box p="xl" maw={720} mx="auto">
        <ErrorNotice error={fault} retry={() => void query.refetch()} />
      </Box>
    );
  }
  if (!query.data || !isFresh || !catalog) return <EditorSkeleton />;
  return <Editor workflow={query.data} catalog={catalog} />;
}

function Editor({ workflow, catalog }: { workflow: Workflow; catalog: Catalog }) {
  const { person } = useSession();
  const [store] = useState(() =>
    createEditorStore({
      catalog,
      graph: draftToOpen(workflow),
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
          <Workbench store={store} workflow={workflow} />
        </Announcer>
      </ReactFlowProvider>
    </EditorProvider>
  );
}

function Workbench({ store, workflow }: { store: EditorStore; workflow: Workflow }) {
  const saver = useAutosave(store, workflow);
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
