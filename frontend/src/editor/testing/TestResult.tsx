import "@/i18n/later/editor";

import { Group, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Simulation } from "@/api/types";
import type { Scenario } from "@/api/workflows";
import { ChannelIcon } from "@/ui/ChannelIcon";
import { Dialog } from "@/ui/Dialog";
import { MessagePreview } from "@/ui/message/MessagePreview";

import { OtherWays } from "./OtherWays";
import type { Ways } from "./otherWays";
import { SendMeOne } from "./SendMeOne";
import classes from "./TestBar.module.css";
import { Timeline } from "./Timeline";
import { WrittenFor } from "./WrittenFor";

type Message = Simulation["messages"][number];

interface Props {
  simulation: Simulation;
  /** What was played. */
  scenario: Scenario;
  /** How messages are written; `null`: as the shop writes. */
  locale: string | null;
  onLocale: (locale: string) => void;
  /** By which outputs steps were made to leave. */
  ways: Ways;
  onWays: (ways: Ways) => void;
}

/** What happened, step by step, and what people would have got. */
export function TestResult({ simulation, scenario, locale, onLocale, ways, onWays }: Props) {
  const { t } = useTranslation("editor");
  const { messages, requests } = simulation;
  return (
    <div className={classes.result}>
      <div>
        {simulation.entry?.words && (
          <Text size="sm" mb="xs" c={simulation.entry.admitted ? "dimmed" : "var(--cw-warning)"}>
            {simulation.entry.words}
          </Text>
        )}
        <Timeline steps={simulation.steps} />
        <OtherWays ran={simulation.steps} ways={ways} onChange={onWays} />
      </div>
      <div className={classes.sendings}>
        <Group justify="space-between" mb={6} gap="xs">
          <Text size="sm" fw={650}>
            {t(messages.length + requests.length > 0 ? "test.wouldSend" : "test.wouldSendNothing")}
          </Text>
          {messages.length > 0 && <WrittenFor value={locale} onChange={onLocale} />}
        </Group>
        <ul>
          {messages.map((message, index) => (
            <MessageLine key={index} message={message} scenario={scenario} />
          ))}
          {requests.map((request, index) => (
            <li key={index} className={classes.request}>
              <code>{request.method}</code> {request.url}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** A message in one line; it opens as the phone or mailbox of its reader. */
function MessageLine({ message, scenario }: { message: Message; scenario: Scenario }) {
  const { t } = useTranslation("editor");
  const [opened, setOpened] = useState(false);
  const shown = {
    ...message,
    id: message.node_id,
    html: message.html ?? null,
    created_at: message.at,
  };
  return (
    <li>
      <button type="button" className={classes.message} onClick={() => setOpened(true)}>
        <ChannelIcon channel={message.channel} size={18} />
        <span className={classes.to}>{message.to}</span>
        <span className={classes.excerpt}>{message.subject ?? message.text}</span>
      </button>
      <Dialog
        opened={opened}
        onClose={() => setOpened(false)}
        size="lg"
        title={t("test.messageTo", { to: message.to })}
      >
        <div className={classes.preview}>
          <MessagePreview channel={message.channel} messages={[shown]} current={shown.id} />
        </div>
        <SendMeOne scenario={scenario} message={message} />
      </Dialog>
    </li>
  );
}
