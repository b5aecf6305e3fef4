import { Alert } from "@mantine/core";
import { IconDatabaseOff } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "@/api/problem";
import { isTrouble, storageQuery } from "@/api/readiness";

/** Says that nothing can be stored just now, why, and what to do, as long as it is so. */
export function StorageNotice() {
  const { t } = useTranslation();
  const { data: trouble } = useQuery(storageQuery);
  useLookWhenRefused();
  if (!trouble) return null;
  return (
    <Alert
      color="red"
      radius={0}
      role="alert"
      icon={<IconDatabaseOff aria-hidden />}
      title={t(`storage.${trouble}.title`)}
    >
      {t(`storage.${trouble}.text`)}
    </Alert>
  );
}

/** A change that was refused for this reason is known before the next look. */
function useLookWhenRefused(): void {
  const client = useQueryClient();
  useEffect(
    () =>
      client.getMutationCache().subscribe(({ mutation }) => {
        const reason: unknown = mutation?.state.error;
        if (reason instanceof ApiProblem && isTrouble(reason.code)) {
          void client.invalidateQueries(storageQuery);
        }
      }),
    [client],
  );
}
