import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { eventQuery, eventsQuery } from "@/api/events";

import { useEditor, useEditorStore } from "../store/EditorContext";
import { startOf } from "../testing/testSource";

/**
 * Values are shown as the last event that really came in had them; a test that was made goes before
 * it, and the trigger's sample stands in while nothing came in yet.
 *
 * @returns whether it is still being fetched
 */
export function useRealEvent(): boolean {
  const store = useEditorStore();
  const type = useEditor(({ graph, catalog }) => startOf(graph, catalog)?.eventType ?? "");
  const enabled = useEditor(
    ({ readOnly, lastEvent }) => !readOnly && type !== "" && lastEvent?.type !== type,
  );
  const newest = useInfiniteQuery({ ...eventsQuery(type), enabled });
  const id = newest.data?.pages[0]?.items[0]?.id;
  const event = useQuery({ ...eventQuery(id ?? ""), enabled: enabled && id !== undefined });
  const data = event.data?.data;
  useEffect(() => {
    if (enabled && data) store.setState({ lastEvent: { type, data } });
  }, [enabled, store, type, data]);
  return newest.isLoading || event.isLoading;
}
