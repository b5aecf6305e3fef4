import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { changeChecklist, checklistQuery } from "@/api/start";
import { onTried } from "@/api/workflows";

/** Ticks "try it out" off: a test run leaves no trace on the server, so the screen tells of it. */
export function useFirstSteps(): void {
  const client = useQueryClient();
  useEffect(
    () =>
      onTried(() => {
        void client
          .query({ ...checklistQuery, staleTime: "static" })
          .then(async (list) => {
            if (list.items.every(({ id, done }) => id !== "test" || done)) return;
            client.setQueryData(checklistQuery.queryKey, await changeChecklist({ tested: true }));
          })
          .catch(() => undefined); // It is only a tick.
      }),
    [client],
  );
}
