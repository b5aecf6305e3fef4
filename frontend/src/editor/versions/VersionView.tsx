import { List, Loader, SegmentedControl, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Json, Workflow, WorkflowVersion } from "@/api/types";
import { versionQuery } from "@/api/workflows";
import { comparison } from "@/graph/comparing";
import { readGraphJson } from "@/graph/reading";
import { EMPTY_GRAPH, type Graph } from "@/graph/values";
import { ErrorNotice } from "@/ui/ErrorNotice";

import type { Autosaver } from "../saving/Autosaver";
import { useEditor } from "../store/EditorContext";
import { changeWords } from "../topbar/changeWords";
import { RestoreButton } from "./RestoreButton";
import { VersionDrawing } from "./VersionDrawing";
import { VersionName } from "./VersionName";
import classes from "./Versions.module.css";

interface Props {
  workflow: Workflow;
  version: WorkflowVersion;
  /** The number of the published version before; `null` for the first. */
  before: number | null;
  saver: Autosaver;
  onRestored: () => void;
}

/** One version: its name, its drawing, what changed, and the way back to it. */
export function VersionView({ workflow, version, before, saver, onRestored }: Props) {
  const { t } = useTranslation("versions");
  const [against, setAgainst] = useState<"draft" | "before">("draft");
  const own = useGraph(workflow.id, version.number);
  const former = useGraph(workflow.id, before ?? version.number);
  const draft = useEditor((state) => state.graph);
  const fault = own.error ?? former.error;
  return (
    <section className={classes.view} aria-label={t("version", { number: version.number })}>
      <div className={classes.head}>
        <VersionName workflowId={workflow.id} version={version} />
        <RestoreButton
          workflow={workflow}
          number={version.number}
          graph={own.graph}
          saver={saver}
          onRestored={onRestored}
        />
      </div>
      {version.kept && <Text size="sm">{t("keptHint")}</Text>}
      <SegmentedControl
        aria-label={t("compare")}
        value={against}
        onChange={setAgainst}
        data={[
          { value: "draft", label: t("toDraft") },
          { value: "before", label: t("toBefore") },
        ]}
      />
      {fault && <ErrorNotice error={fault} />}
      {own.graph && former.graph ? (
        <Compared
          key={against}
          version={version}
          shown={own.graph}
          before={against === "draft" ? own.graph : before === null ? EMPTY_GRAPH : former.graph}
          after={against === "draft" ? draft : own.graph}
          isFirst={against === "before" && before === null}
        />
      ) : (
        !fault && <Loader size="sm" />
      )}
    </section>
  );
}

function useGraph(workflowId: string, number: number) {
  const { data, error } = useQuery(versionQuery(workflowId, number));
  const graph = useMemo(() => data && (readGraphJson(data.graph as Json) ?? EMPTY_GRAPH), [data]);
  return { graph, error };
}

interface ComparedProps {
  version: WorkflowVersion;
  /** The one of the two that is drawn as it stands. */
  shown: Graph;
  before: Graph;
  after: Graph;
  isFirst: boolean;
}

function Compared({ version, shown, before, after, isFirst }: ComparedProps) {
  const { t } = useTranslation(["versions", "editor"]);
  const { t: tEditor } = useTranslation("editor");
  const catalog = useEditor((state) => state.catalog);
  const compared = useMemo(
    () => comparison(isFirst ? shown : before, after, shown, catalog),
    [isFirst, before, after, shown, catalog],
  );
  const said = isFirst ? [] : changeWords({ live: before, draft: after, catalog, t: tEditor });
  const nothing = isFirst ? t("first") : t("nothing");
  return (
    <>
      <VersionDrawing
        {...compared}
        catalog={catalog}
        name={t("drawing", { number: version.number })}
        isAgainstDraft={shown === before}
      />
      <Stack
        gap={4}
        role="region"
        aria-label={t("changes")}
        className={classes.changes}
        tabIndex={0}
      >
        <Text fw={650} size="sm">
          {t("changes")}
        </Text>
        <List size="sm" spacing={2}>
          {(said.length > 0 ? said : [nothing]).map((words, index) => (
            <List.Item key={index}>{words}</List.Item>
          ))}
        </List>
      </Stack>
    </>
  );
}
