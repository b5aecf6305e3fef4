import { Anchor, Group, Text } from "@mantine/core";
import { IconMailForward } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { OutboxMessage } from "@/api/types";
import { DemoSign } from "@/ui/DemoSign";
import { MessagePreview } from "@/ui/message/MessagePreview";
import { Sign } from "@/ui/Sign";
import { Time } from "@/ui/Time";

import classes from "./OutboxPage.module.css";

interface Props {
  message: OutboxMessage;
  messages: OutboxMessage[];
}

/** The chosen message as its reader would see it, and where it came from. */
export function MessageStage({ message, messages }: Props) {
  const { t } = useTranslation("outbox");
  return (
    <section className={classes.stage} aria-label={t("message")}>
      <MessagePreview
        channel={message.channel}
        messages={conversation(message, messages)}
        current={message.id}
      />
      <Group gap="xs" justify="center">
        <Text size="sm" c="dimmed">
          <Time at={message.created_at} as="full" />
        </Text>
        {message.demo && <DemoSign />}
        {message.test && (
          <Sign tone="info" icon={IconMailForward}>
            {t("test")}
          </Sign>
        )}
        {message.workflow_id && (
          <Anchor component={Link} to={`/workflows/${message.workflow_id}`} size="sm">
            {message.workflow_name ?? t("workflow")}
          </Anchor>
        )}
        {message.run_id && (
          <Anchor component={Link} to={`/runs/${message.run_id}`} size="sm">
            {t("run")}
          </Anchor>
        )}
      </Group>
    </section>
  );
}

const LONGEST_CHAT = 12;

/** What the same person got by the same channel, oldest first, as a phone would show it. */
function conversation(message: OutboxMessage, all: OutboxMessage[]): OutboxMessage[] {
  if (message.channel === "email") return [message];
  const same = all
    .filter(({ channel, to }) => channel === message.channel && to === message.to)
    .toReversed();
  const place = same.findIndex(({ id }) => id === message.id);
  return same.slice(Math.max(0, place - LONGEST_CHAT + 1), place + LONGEST_CHAT);
}
