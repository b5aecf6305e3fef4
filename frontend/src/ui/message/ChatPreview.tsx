import { IconArrowLeft, IconChecks, IconUser } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { Time } from "../Time";
import classes from "./ChatPreview.module.css";
import { LinkedText } from "./LinkedText";
import type { PreviewProps, ShownMessage } from "./MessagePreview";
import { useSender } from "./useSender";

type Look = "whatsapp" | "sms";

/** The customer's phone: our messages as they arrive there. */
export function ChatPreview({ messages, current, look }: PreviewProps & { look: Look }) {
  const { t } = useTranslation("outbox");
  const sender = useSender();
  const shown = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const chat = shown.current?.parentElement;
    if (chat && shown.current) chat.scrollTop = shown.current.offsetTop - chat.clientHeight / 2;
  }, [current]);
  return (
    <div className={classes.phone} data-look={look}>
      <div className={classes.screen}>
        <div className={classes.bar}>
          <IconArrowLeft size={18} aria-hidden />
          <span className={classes.face}>
            <IconUser size={18} aria-hidden />
          </span>
          <span>
            <span className={classes.who}>{sender}</span>
            <span className={classes.number}>{t("to", { address: messages[0]?.to })}</span>
          </span>
        </div>
        {/* A long chat scrolls, so the keyboard must reach it. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <ol className={classes.chat} tabIndex={0} aria-label={t("chat")}>
          {messages.map((message) => (
            <li
              key={message.id}
              ref={message.id === current ? shown : null}
              className={classes.turn}
            >
              <Bubble message={message} look={look} current={message.id === current} />
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

interface BubbleProps {
  message: ShownMessage;
  look: Look;
  current: boolean;
}

function Bubble({ message, look, current }: BubbleProps) {
  return (
    <div className={classes.bubble} data-current={current}>
      <LinkedText text={message.text} />
      <span className={classes.foot}>
        <Time at={message.created_at} as="short" />
        {look === "whatsapp" && <IconChecks size={15} aria-hidden />}
      </span>
    </div>
  );
}
