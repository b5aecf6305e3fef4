import { IconHash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { Mark } from "../Mark";
import { Time } from "../Time";
import type { PreviewProps } from "./MessagePreview";
import classes from "./SlackPreview.module.css";
import { SlackText } from "./SlackText";

/** The team's channel with our messages in it. */
export function SlackPreview({ messages, current }: PreviewProps) {
  const { t } = useTranslation("outbox");
  const channel = messages[0]?.to.replace(/^#/, "");
  return (
    <div className={classes.window}>
      <div className={classes.channel}>
        <IconHash size={17} aria-hidden />
        {channel}
      </div>
      <ol className={classes.messages}>
        {messages.map((message) => (
          <li key={message.id} className={classes.message} data-current={message.id === current}>
            <Mark size={36} />
            <div>
              <span className={classes.who}>
                {t("product")} <span className={classes.app}>{t("app")}</span>{" "}
                <span className={classes.when}>
                  <Time at={message.created_at} as="short" />
                </span>
              </span>
              <SlackText text={message.text} />
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}
