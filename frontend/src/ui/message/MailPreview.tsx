import { useTranslation } from "react-i18next";

import { Time } from "../Time";
import classes from "./MailPreview.module.css";
import type { PreviewProps, ShownMessage } from "./MessagePreview";
import { useSender } from "./useSender";

/** The customer's mailbox with the mail open. */
export function MailPreview({ messages, current }: PreviewProps) {
  const { t } = useTranslation("outbox");
  const sender = useSender();
  const mail = messages.find(({ id }) => id === current);
  if (!mail) return null;
  return (
    <article className={classes.mail}>
      <header className={classes.head}>
        <h2 className={classes.subject}>{mail.subject ?? t("noSubject")}</h2>
        <div className={classes.who}>
          <span className={classes.face} aria-hidden>
            {sender.charAt(0)}
          </span>
          <span>
            <span className={classes.from}>{sender}</span>
            <span className={classes.to}>{t("to", { address: mail.to })}</span>
          </span>
          <span className={classes.when}>
            <Time at={mail.created_at} as="short" />
          </span>
        </div>
      </header>
      <MailBody mail={mail} />
    </article>
  );
}

/** HTML of a message is somebody's input: it is drawn in a frame that may do nothing. */
function MailBody({ mail }: { mail: ShownMessage }) {
  const { t } = useTranslation("outbox");
  if (!mail.html) return <p className={classes.text}>{mail.text}</p>;
  return (
    <iframe
      className={classes.frame}
      title={t("mailContent")}
      sandbox=""
      referrerPolicy="no-referrer"
      srcDoc={`${FRAME_START}${mail.html}`}
    />
  );
}

const FRAME_START =
  '<!doctype html><meta charset="utf-8"><style>body{margin:20px;color:#1c2523;background:#fff;' +
  "font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}img{max-width:100%}</style>";
