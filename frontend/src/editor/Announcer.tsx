import { VisuallyHidden } from "@mantine/core";
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";

import { useNotify } from "@/ui/notify";

type Announce = (words: string, how?: "quiet" | "notice") => void;

const Context = createContext<Announce>(() => undefined);

/** Says what happened to those who cannot see it; with "notice" also in the corner of the screen. */
export const useAnnounce = (): Announce => useContext(Context);

export function Announcer({ children }: { children: ReactNode }) {
  const [words, setWords] = useState("");
  const { done } = useNotify();
  const announce: Announce = useCallback(
    (said, how = "quiet") => {
      setWords(said);
      if (how === "notice") done(said);
    },
    [done],
  );
  return (
    <Context value={announce}>
      {children}
      <VisuallyHidden role="status" aria-live="polite">
        {words}
      </VisuallyHidden>
    </Context>
  );
}
