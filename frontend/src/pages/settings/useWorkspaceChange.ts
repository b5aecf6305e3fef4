import { useMutation, useQueryClient } from "@tanstack/react-query";

import { keepAnswer } from "@/api/keeping";
import { sessionQuery } from "@/api/session";
import { changeWorkspace } from "@/api/settings";
import type { Session } from "@/api/types";
import { useNotify } from "@/ui/notify";

/** Changes the shop's settings, shows them everywhere at once, and says so in `words`. */
export function useWorkspaceChange(words: string) {
  const client = useQueryClient();
  const notify = useNotify();
  return useMutation({
    mutationFn: changeWorkspace,
    // One after the other: the answer to the last one is how the shop stands.
    scope: { id: "workspace" },
    onSuccess: async (workspace) => {
      await keepAnswer<Session>(
        client,
        sessionQuery.queryKey,
        (session) => session && { ...session, workspace },
      );
      notify.done(words);
    },
  });
}
