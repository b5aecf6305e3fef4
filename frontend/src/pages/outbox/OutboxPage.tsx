import { Drawer, SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconInbox } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { outboxQuery } from "@/api/outbox";
import { usePollInterval } from "@/api/stream";
import type { OutboxMessage } from "@/api/types";
import { EmptyState } from "@/ui/EmptyState";
import { Listing } from "@/ui/Listing";
import { Page } from "@/ui/Page";

import { MessageList } from "./MessageList";
import { MessageStage } from "./MessageStage";
import classes from "./OutboxPage.module.css";

const CHANNELS = ["all", "email", "whatsapp", "sms", "slack"] as const;

export function OutboxPage() {
  const { t } = useTranslation("outbox");
  const [channel, setChannel] = useState<string>("all");
  const query = useInfiniteQuery({
    ...outboxQuery(channel === "all" ? "" : channel),
    refetchInterval: usePollInterval(),
  });
  return (
    <Page title={t("title")} lead={t("lead")}>
      <SegmentedControl
        className={classes.channels}
        aria-label={t("channels")}
        value={channel}
        onChange={setChannel}
        data={CHANNELS.map((one) => ({ value: one, label: t(`channel.${one}`) }))}
      />
      <Listing query={query} empty={<Nothing />}>
        {(messages) => <Mailroom messages={messages} />}
      </Listing>
    </Page>
  );
}

/** The messages beside the phone or mailbox of the one that is chosen. */
function Mailroom({ messages }: { messages: OutboxMessage[] }) {
  const { t } = useTranslation(["outbox", "common"]);
  const narrow = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  const [chosenId, setChosenId] = useState<string | null>(null);
  const chosen = messages.find(({ id }) => id === chosenId);
  const shown = chosen ?? messages[0];
  const marked = narrow ? chosenId : (shown?.id ?? null);
  return (
    <div className={classes.room}>
      <MessageList messages={messages} chosen={marked} onChoose={setChosenId} />
      {!narrow && shown && <MessageStage message={shown} messages={messages} />}
      {narrow && (
        <Drawer
          opened={chosen !== undefined}
          onClose={() => setChosenId(null)}
          position="bottom"
          size="90%"
          title={t("message")}
          closeButtonProps={{ "aria-label": t("common:close") }}
        >
          {chosen && <MessageStage message={chosen} messages={messages} />}
        </Drawer>
      )}
    </div>
  );
}

function Nothing() {
  const { t } = useTranslation("outbox");
  return (
    <EmptyState icon={IconInbox} title={t("empty.title")}>
      {t("empty.text")}
    </EmptyState>
  );
}
