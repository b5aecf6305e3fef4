import { useCallback } from "react";

import { useNodeTypes } from "@/api/catalog";
import { readable } from "@/ui/schema-form/schema";

/** What an event type is called: as the trigger that it starts, or its own name made readable. */
export function useEventWords(): (type: string) => string {
  const { data: types } = useNodeTypes();
  return useCallback(
    (type) =>
      types?.find((one) => one.event_type === type)?.label ?? readable(type.replaceAll(".", " ")),
    [types],
  );
}
