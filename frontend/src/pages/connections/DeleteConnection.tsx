import { Group } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { deleteConnection, useConnectionChange } from "@/api/connections";
import type { Connection } from "@/api/types";
import { ConfirmButton } from "@/ui/ConfirmButton";
import { useNotify } from "@/ui/notify";

interface Props {
  connection: Connection;
  onDeleted: () => void;
}

/** The end of an account, asked about first: steps that use it stop working. */
export function DeleteConnection({ connection, onDeleted }: Props) {
  const { t } = useTranslation("connections");
  const notify = useNotify();
  const remove = useConnectionChange(deleteConnection, {
    onSuccess: ({ workflows }) => {
      const deleted = t("deleted", { name: connection.name });
      const names = workflows.map(({ name }) => name).join(", ");
      if (names) notify.refused(deleted, t("stillUsed", { names }));
      else notify.done(deleted);
    },
    onError: notify.failed,
  });
  return (
    <Group justify="flex-end">
      <ConfirmButton
        variant="subtle"
        color="red"
        question={t("delete.question", { name: connection.name })}
        consequence={t("delete.consequence")}
        confirm={t("delete.action")}
        onConfirm={() => remove.mutate(connection.id, { onSuccess: onDeleted })}
      >
        {t("delete.action")}
      </ConfirmButton>
    </Group>
  );
}
