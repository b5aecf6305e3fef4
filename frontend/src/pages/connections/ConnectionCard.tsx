import { Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconFlask, IconHelp } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { App, Connection } from "@/api/types";
import { NodeIcon } from "@/ui/NodeIcon";
import { Sign } from "@/ui/Sign";
import { useWords } from "@/ui/words";

import classes from "./Cards.module.css";
import { TestButton } from "./TestButton";

interface Props {
  connection: Connection;
  /** Nothing when its app is no longer installed. */
  app: App | undefined;
  onOpen: () => void;
}

/** One connected account: what it is, whether it works, and the way in. */
export function ConnectionCard({ connection, app, onOpen }: Props) {
  const { t } = useTranslation("connections");
  const wordsOf = useWords();
  return (
    <article className={classes.account} aria-label={connection.name}>
      <div className={classes.head}>
        <span className={classes.sign}>{app && <NodeIcon svg={app.icon} size={26} />}</span>
        <div className={classes.words}>
          <span className={classes.name}>{connection.name}</span>
          <span className={classes.text}>{app ? wordsOf(app).label : connection.app}</span>
        </div>
      </div>
      {connection.is_sandbox && <Text size="sm">{t("sandboxText")}</Text>}
      {connection.is_default && <Text size="sm">{t("usualBadge")}</Text>}
      {connection.error && (
        <Text size="sm" c="var(--cw-bad)" lineClamp={3}>
          {connection.error}
        </Text>
      )}
      <div className={classes.foot}>
        <Health connection={connection} />
        {connection.is_sandbox ? (
          <Button component={Link} to="/outbox" variant="subtle" size="compact-sm">
            {t("openOutbox")}
          </Button>
        ) : (
          <Group gap={2}>
            {app?.testable && <TestButton connection={connection} />}
            <Button variant="subtle" size="compact-sm" onClick={onOpen} disabled={!app}>
              {t("open")}
            </Button>
          </Group>
        )}
      </div>
    </article>
  );
}

function Health({ connection }: { connection: Connection }) {
  const { t } = useTranslation("connections");
  if (connection.is_sandbox) {
    return (
      <Sign tone="warning" icon={IconFlask}>
        {t("health.sandbox")}
      </Sign>
    );
  }
  const look = {
    ok: { tone: "good", icon: IconCheck },
    broken: { tone: "bad", icon: IconAlertTriangle },
    untested: { tone: "quiet", icon: IconHelp },
  } as const;
  return <Sign {...look[connection.status]}>{t(`health.${connection.status}`)}</Sign>;
}
