import { useCallback } from "react";

import { useNodeTypes } from "@/api/catalog";
import { readable } from "@/ui/schema-form/schema";
import { useWords } from "@/ui/words";

/** What an event type is called: as the trigger that it starts, or its own name made readable. */
export function useEventWords(): (type: string) => string {
  const { data: types } = useNodeTypes();
  const wordsOf = useWords();
  return useCallback(
    (type) => {
      const trigger = types?.find((one) => one.event_type === type);
      return trigger ? wordsOf(trigger).label : readable(type.replaceAll(".", " "));
    },
    [types, wordsOf],
  );
}
