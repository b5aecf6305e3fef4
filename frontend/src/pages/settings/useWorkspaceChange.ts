import { useMutation, useQueryClient } from "@tanstack/react-query";

import { sessionQuery } from "@/api/session";
import { changeWorkspace } from "@/api/settings";
import { useNotify } from "@/ui/notify";

/** Changes the shop's settings, shows them everywhere at once, and says so in `words`. */
export function useWorkspaceChange(words: string) {
  const client = useQueryClient();
  const notify = useNotify();
  return useMutation({
    mutationFn: changeWorkspace,
    onSuccess: (workspace) => {
      client.setQueryData(sessionQuery.queryKey, (session) => session && { ...session, workspace });
      notify.done(words);
    },
  });
}
