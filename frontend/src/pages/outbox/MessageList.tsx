import { UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { OutboxMessage } from "@/api/types";
import { ChannelIcon } from "@/ui/ChannelIcon";
import { Time } from "@/ui/Time";

import classes from "./OutboxPage.module.css";

interface Props {
  messages: OutboxMessage[];
  chosen: string | null;
  onChoose: (id: string) => void;
}

export function MessageList({ messages, chosen, onChoose }: Props) {
  const { t } = useTranslation("outbox");
  return (
    <ul className={classes.list} aria-label={t("title")}>
      {messages.map((message) => (
        <li key={message.id}>
          <UnstyledButton
            className={classes.item}
            aria-current={message.id === chosen}
            onClick={() => onChoose(message.id)}
          >
            <span className={classes.sign}>
              <ChannelIcon channel={message.channel} size={20} />
            </span>
            <span className={classes.to}>{message.to}</span>
            <span className={classes.when}>
              <Time at={message.created_at} as="short" />
            </span>
            <span className={classes.excerpt}>{message.subject ?? message.text}</span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
