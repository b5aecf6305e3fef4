import "@/i18n/later/editor";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { eventQuery, eventsQuery } from "@/api/events";
import type { JsonObject } from "@/api/types";
import { useEventWords } from "@/pages/events/useEventWords";
import { useFormats, useNow } from "@/ui/formats";
import { useNotify } from "@/ui/notify";

import type { GivenTest } from "./given";
import { sampleSources, type Start, type TestSource } from "./testSource";

const MOST_EVENTS = 20;
const EVENT = "event-";

/** The source that stands for what was given from elsewhere. */
export const GIVEN = "given";

/** What was given, samples of the trigger and real events that came in lately. `load` answers `null`, and says why,
 * if an event can't be fetched. */
export function useSources(start: Start, given: GivenTest | null) {
  const { t } = useTranslation("editor");
  const client = useQueryClient();
  const { failed } = useNotify();
  const samples = sampleSources(start, { example: t("test.example") });
  const events = useEventSources(start.eventType);
  const own: TestSource = { key: "own", name: t("test.own"), data: {} };
  const first = given ? [{ key: GIVEN, name: given.name, data: given.event.data }] : [];
  const sources = [...first, ...samples, ...events, own];
  const load = async (key: string): Promise<JsonObject | null> => {
    const known = sources.find((source) => source.key === key);
    if (!key.startsWith(EVENT)) return known?.data ?? {};
    try {
      return (await client.query(eventQuery(key.slice(EVENT.length)))).data;
    } catch (error) {
      failed(error);
      return null;
    }
  };
  return { sources, load };
}

function useEventSources(eventType: string): TestSource[] {
  const { t } = useTranslation("editor");
  const formats = useFormats();
  const now = useNow();
  const wordsOf = useEventWords();
  const { data } = useInfiniteQuery({ ...eventsQuery(eventType), enabled: eventType !== "" });
  const events = data?.pages.flatMap((page) => page.items) ?? [];
  return events.slice(0, MOST_EVENTS).map((event) => ({
    key: `${EVENT}${event.id}`,
    name: t("test.pastEvent", {
      label: event.label ?? wordsOf(event.type),
      when: formats.short(event.received_at, now),
    }),
    data: {},
  }));
}
