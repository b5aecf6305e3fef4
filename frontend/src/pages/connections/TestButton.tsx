import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { testConnection, useConnectionChange } from "@/api/connections";
import type { Connection } from "@/api/types";
import { useNotify } from "@/ui/notify";

/** Asks the app whether the saved credentials still work. */
export function TestButton({ connection }: { connection: Connection }) {
  const { t } = useTranslation("connections");
  const notify = useNotify();
  const test = useConnectionChange(testConnection, {
    onSuccess: ({ status, error }) =>
      status === "ok"
        ? notify.done(t("testOk", { name: connection.name }))
        : notify.refused(t("refused"), error ?? ""),
    onError: notify.failed,
  });
  const run = () => test.mutate(connection.id);
  return (
    <Button variant="subtle" size="compact-sm" onClick={run} loading={test.isPending}>
      {t("test")}
    </Button>
  );
}
