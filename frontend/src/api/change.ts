import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

/** What is said and done once a change was answered, before what is shown is asked for anew. */
export interface Answered<Input, Output> {
  /** Always, also when whoever asked is gone from the screen. */
  onSuccess?: (output: Output, input: Input) => void;
  onError?: (error: Error, input: Input) => void;
  /** Moves the screen on; not for somebody who has gone on already. */
  moveOn?: (output: Output, input: Input) => void;
}

/**
 * A change after which everything under `stale` is asked for anew, whatever came of it; it is
 * pending until that is there. Callbacks given to `mutate` wait for it too and are lost with the
 * component, which a fresher list often takes away: what must be told belongs into `answered`.
 * Changes of one `lane` go one after the other, in the order in which they were made.
 */
export function useChange<Input, Output>(
  act: (input: Input) => Promise<Output>,
  stale: readonly string[],
  { onSuccess, onError, moveOn }: Answered<Input, Output> = {},
  lane?: string,
) {
  const client = useQueryClient();
  const isThere = useIsThere();
  return useMutation({
    mutationFn: act,
    ...(lane === undefined ? {} : { scope: { id: lane } }),
    onSuccess: (output, input) => {
      onSuccess?.(output, input);
      if (isThere.current) moveOn?.(output, input);
    },
    onError: (error, input) => onError?.(error, input),
    onSettled: () => Promise.all(stale.map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}

function useIsThere() {
  const isThere = useRef(false);
  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
    };
  }, []);
  return isThere;
}
