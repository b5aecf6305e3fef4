import { Tooltip } from "@mantine/core";

import { useFormats, useNow } from "./formats";

interface Props {
  /** RFC 3339. */
  at: string;
  /** `relative`: "3 minutes ago"; `short`: "14:05" or "21 Nov"; `full`: date and time. */
  as?: "relative" | "short" | "full";
}

/** A moment in words; the whole date on hover. */
export function Time({ at, as = "relative" }: Props) {
  const formats = useFormats();
  const now = useNow();
  const words = as === "full" ? formats.full(at) : formats[as](at, now);
  return (
    <Tooltip label={formats.full(at)} disabled={as === "full"}>
      <time dateTime={at}>{words}</time>
    </Tooltip>
  );
}
