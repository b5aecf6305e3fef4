import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { RehearsedEvent } from "@/api/rehearsal";
import { versionQuery } from "@/api/workflows";
import { readGraphJson } from "@/graph/reading";
import { EMPTY_GRAPH } from "@/graph/values";
import { useWords } from "@/i18n/useWords";
import { useFormats } from "@/ui/formats";

import { useEditor } from "../store/EditorContext";
import { eventWords } from "../summary/pathWords";
import type { Drawn } from "./drawing";
import type { Around } from "./phrases";
import type { Outcome } from "./rehearser";

/** Both versions, as far as their steps have names; what is live comes a moment later. */
export interface Versions {
  readonly live: Drawn;
  readonly draft: Drawn;
}

/** What the two are called; `null` where nothing is live. */
export interface Sides {
  readonly live: string | null;
  readonly draft: string;
}

export function useVersions(workflowId: string, { graph, liveVersion }: Outcome): Versions {
  const { t } = useTranslation("editor");
  const catalog = useEditor((state) => state.catalog);
  const { data } = useQuery({
    ...versionQuery(workflowId, liveVersion ?? 0),
    enabled: liveVersion !== null,
  });
  return useMemo(() => {
    const unknown = t("step.unknown");
    const live = (data && readGraphJson(data.graph)) ?? EMPTY_GRAPH;
    return { live: { graph: live, catalog, unknown }, draft: { graph, catalog, unknown } };
  }, [data, graph, catalog, t]);
}

/** All that differences are told with. */
export function useAround({ live, draft }: Versions): Around {
  const { t } = useTranslation("rehearsal");
  const common = useWords("common");
  const formats = useFormats();
  return useMemo(
    () => ({
      ...{ t, formats, live, draft },
      statusName: (status) => common(`status.${status}`),
      channelName: (channel) => common(`channel.${channel as "email"}`, { defaultValue: channel }),
    }),
    [t, common, formats, live, draft],
  );
}

/** "Order #1042", or what happened where it has no name of its own. */
export function useEventName(): (event: RehearsedEvent) => string {
  const catalog = useEditor((state) => state.catalog);
  return useCallback(({ label, type }) => label ?? eventWords(type, catalog), [catalog]);
}
