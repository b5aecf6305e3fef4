import "@/i18n/later/editor";

import { List, Loader, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { Json } from "@/api/types";
import { versionQuery } from "@/api/workflows";
import { readGraphJson } from "@/graph/reading";
import { EMPTY_GRAPH } from "@/graph/values";
import { ErrorNotice } from "@/ui/ErrorNotice";

import { useEditor } from "../store/EditorContext";
import { changeWords } from "./changeWords";

/** What the draft will do that the live version does not, step by step. */
export function LiveChanges({ workflowId, live }: { workflowId: string; live: number }) {
  const { data, error } = useQuery(versionQuery(workflowId, live));
  if (error) return <ErrorNotice error={error} />;
  return data === undefined ? <Loader size="sm" /> : <Told live={data.graph as Json} />;
}

function Told({ live }: { live: Json }) {
  const { t } = useTranslation("editor");
  const draft = useEditor((state) => state.graph);
  const catalog = useEditor((state) => state.catalog);
  const said = changeWords({ live: readGraphJson(live) ?? EMPTY_GRAPH, draft, catalog, t });
  return (
    <Stack gap={4} role="region" aria-label={t("changes.title")}>
      <Text fw={650} size="sm">
        {t("changes.title")}
      </Text>
      <List size="sm" spacing={2} mah="40vh" style={{ overflowY: "auto" }}>
        {(said.length > 0 ? said : [t("changes.nothing")]).map((words, index) => (
          <List.Item key={index}>{words}</List.Item>
        ))}
      </List>
    </Stack>
  );
}
