import { Drawer, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { App, Connection } from "@/api/types";
import { useWords } from "@/ui/words";

import { ConnectionForm } from "./ConnectionForm";
import { DeleteConnection } from "./DeleteConnection";
import { HookSection } from "./HookSection";

/** The app whose account is made or changed; without a connection a new one is made. */
export interface Opened {
  app: App;
  connection?: Connection;
  /** A signing secret that the server just made. */
  revealed?: string;
}

interface Props {
  opened: Opened | null;
  onChange: (opened: Opened | null) => void;
}

/** One account of an app: its settings, its hook address, its end. */
export function ConnectionDrawer({ opened, onChange }: Props) {
  const { t } = useTranslation(["connections", "common"]);
  const wordsOf = useWords();
  const close = () => onChange(null);
  return (
    <Drawer
      opened={opened !== null}
      onClose={close}
      position="right"
      size="lg"
      title={
        opened && (opened.connection?.name ?? t("connect", { app: wordsOf(opened.app).label }))
      }
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {opened && (
        <Stack gap="xl" pb="xl">
          {opened.connection?.hook_url && (
            <HookSection
              key={opened.connection.id}
              connection={opened.connection}
              url={opened.connection.hook_url}
              revealed={opened.revealed}
            />
          )}
          <ConnectionForm
            key={opened.connection?.id ?? opened.app.id}
            app={opened.app}
            connection={opened.connection}
            onSaved={(connection, revealed) =>
              // The hook address comes with the answer, and that is the next thing to be done.
              connection.hook_url && !opened.connection
                ? onChange({ app: opened.app, connection, ...(revealed ? { revealed } : {}) })
                : close()
            }
          />
          {opened.connection && (
            <DeleteConnection connection={opened.connection} onDeleted={close} />
          )}
        </Stack>
      )}
    </Drawer>
  );
}
