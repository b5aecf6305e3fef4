import "@/i18n/later/run";

import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ReactFlowProvider } from "@xyflow/react";
import { startTransition, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { runQuery } from "@/api/runs";
import { usePollInterval } from "@/api/stream";
import type { Run } from "@/api/types";
import type { Catalog } from "@/graph/catalog";
import { PageTrouble } from "@/ui/PageTrouble";

import { Announcer, useAnnounce } from "./Announcer";
import { Canvas } from "./canvas/Canvas";
import { A_FRAME } from "./canvas/statusPaint";
import { useShortcuts } from "./canvas/useShortcuts";
import { useCatalog } from "./catalog";
import classes from "./Editor.module.css";
import { EditorSkeleton } from "./EditorSkeleton";
import { LazyOverlays, LazyStepPanel } from "./lazily";
import { RunHead } from "./run/RunHead";
import { RunStory } from "./run/RunStory";
import { createEditorStore } from "./store/editorStore";
import { EditorProvider } from "./store/EditorContext";
import { traceOfRun } from "./store/trace";
import { useStepOffers } from "./useStepOffers";

/** A run, drawn on the version of the workflow that it ran on. */
export function RunPage() {
  const { t } = useTranslation("run");
  const { id = "" } = useParams({ strict: false });
  const query = useQuery({ ...runQuery(id), refetchInterval: usePollInterval() });
  const { catalog, error } = useCatalog();
  const fault = (query.data ? null : query.error) ?? error;
  if (fault) {
    const list = { to: "/runs", words: t("all") };
    return <PageTrouble error={fault} retry={() => void query.refetch()} list={list} />;
  }
  if (!query.data || !catalog) return <EditorSkeleton />;
  return <RunView key={id} run={query.data} catalog={catalog} />;
}

function RunView({ run, catalog }: { run: Run; catalog: Catalog }) {
  const [store] = useState(() =>
    createEditorStore({ catalog, graph: run.graph, readOnly: true, trace: traceOfRun(run) }),
  );
  useEffect(() => store.setState({ catalog, trace: traceOfRun(run) }), [store, catalog, run]);
  useEffect(() => {
    document.title = `${run.label ?? run.workflow_name} · Cartwheel`;
  }, [run.label, run.workflow_name]);
  return (
    <EditorProvider store={store}>
      <ReactFlowProvider>
        <Announcer>
          <Reading run={run} />
        </Announcer>
      </ReactFlowProvider>
    </EditorProvider>
  );
}

/** Tells those who cannot see it when the run changes its state. */
function useSpokenStatus({ status }: Run): void {
  const { t } = useTranslation("run");
  const announce = useAnnounce();
  const last = useRef(status);
  useEffect(() => {
    if (last.current !== status) announce(t(`now.${status}`));
    last.current = status;
  }, [announce, status, t]);
}

/** The run as it is told in words: once the canvas has been painted, and in slices. */
function useTold(run: Run): Run {
  const [told, tell] = useState(run);
  useEffect(() => {
    let painted: ReturnType<typeof setTimeout> | undefined;
    const after = (frames: number): number =>
      requestAnimationFrame(() => {
        if (frames > 1) frame = after(frames - 1);
        else painted = setTimeout(() => startTransition(() => tell(run)));
      });
    let frame = after(Math.ceil(run.steps.length / A_FRAME));
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(painted);
    };
  }, [run]);
  return told;
}

/** The canvas is drawn at once, words and the list of what happened when there is time. */
function Reading({ run }: { run: Run }) {
  const told = useTold(run);
  useShortcuts();
  useSpokenStatus(run);
  useStepOffers();
  return (
    <div className={classes.editor}>
      <RunHead run={told} />
      <div className={`${classes.middle ?? ""} ${classes.reading ?? ""}`}>
        <RunStory run={told} />
        <div className={classes.stage}>
          <div className={classes.canvas}>
            <Canvas />
            <LazyOverlays />
          </div>
        </div>
        <LazyStepPanel />
      </div>
    </div>
  );
}
