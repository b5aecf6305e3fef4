import "@/i18n/later/editor";

import { Group, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { play, type Scenario } from "@/api/workflows";
import { MessagePreview } from "@/ui/message/MessagePreview";

import { useEditor } from "../store/EditorContext";
import { WrittenFor } from "../testing/WrittenFor";
import { scenarioOf } from "./scenarioOf";
import classes from "./StepPanel.module.css";

const WRITING_PAUSE_MS = 400;

/** The message as its reader will get it, while it is being written. Nothing is sent. */
export function LivePreview({ nodeId }: { nodeId: string }) {
  const { t } = useTranslation("editor");
  const [locale, setLocale] = useState<string | null>(null);
  const { messages, isWritten } = useWritten(nodeId, locale);
  return (
    <section className={classes.preview} aria-label={t("preview.title")} data-preview>
      <Group gap="xs" wrap="nowrap">
        <h3>{t("preview.title")}</h3>
        {isWritten && <WrittenFor value={locale} onChange={setLocale} />}
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        {t(isWritten ? "preview.explained" : "preview.unfinished")}
      </Text>
      {messages.map((message, index) => {
        const shown = { ...message, id: message.node_id, created_at: message.at };
        return (
          <div key={index} className={classes.arrival}>
            <MessagePreview channel={message.channel} messages={[shown]} current={shown.id} />
          </div>
        );
      })}
    </section>
  );
}

/** What the server would write, asked again once the writing pauses. */
function useWritten(nodeId: string, locale: string | null) {
  // As a text, so that changes elsewhere in the workflow do not count.
  const scenario = useEditor((state) => JSON.stringify(scenarioOf(state, nodeId, locale)));
  const [asked] = useDebouncedValue(scenario, WRITING_PAUSE_MS);
  const { data } = useQuery({
    queryKey: ["preview", asked],
    queryFn: ({ signal }) => play(JSON.parse(asked) as Scenario, signal),
    enabled: asked !== "null",
    retry: false,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
  const messages = asked === "null" ? [] : (data?.messages ?? []);
  return { messages, isWritten: messages.length > 0 };
}
