import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { create } from "zustand";

import { listen, type LiveEvent, type LiveMessage } from "./streamSource";

/** How often a screen asks by itself while the live stream is away. */
const POLL_MS = 4_000;
/** A busy shop tells hundreds of runs a second; the lists are asked again this often at most, and
 * not before they have answered: what is asked again sooner gives up the answer that was on its
 * way, and a slow list would stand still for as long as the shop is busy. */
const COALESCE_MS = 250;
/** An answer that does not come holds nothing else up for longer. */
const LONGEST_ANSWER_MS = 5_000;

interface StreamState {
  live: boolean;
}

export const useStream = create<StreamState>(() => ({ live: false }));

const listeners = new Set<(event: LiveEvent) => void>();

/** Hears every live event; returns the function that stops it. */
export function onLiveEvent(listener: (event: LiveEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Refetch interval for queries about moving things: none while the stream tells of changes. */
export function usePollInterval(): number | false {
  return useStream((state) => (state.live ? false : POLL_MS));
}

/** Keeps every list fresh as things happen; mounted once, in the shell. */
export function useLiveUpdates(): void {
  const client = useQueryClient();
  useEffect(() => {
    const refresh = coalesce((keys) => invalidate(client, keys));
    const stop = open((message) => {
      if (message.kind === "open" || message.kind === "lost") {
        // What happened while nobody listened is asked for once.
        if (message.kind === "open" && !useStream.getState().live)
          refresh("run", "event", "message");
        useStream.setState({ live: message.kind === "open" });
        return;
      }
      refresh(message.kind);
      for (const listener of listeners) listener(message);
    });
    return () => {
      stop();
      useStream.setState({ live: false });
    };
  }, [client]);
}

const QUERIES: Record<LiveEvent["kind"], readonly string[]> = {
  run: ["runs", "run", "outbox", "events", "approvals"],
  event: ["events"],
  message: ["outbox"],
};

async function invalidate(
  client: QueryClient,
  kinds: ReadonlySet<LiveEvent["kind"]>,
): Promise<void> {
  const keys = new Set([...kinds].flatMap((kind) => QUERIES[kind]));
  const answered = [...keys].map((key) => client.invalidateQueries({ queryKey: [key] }));
  await Promise.race([Promise.all(answered), pause(LONGEST_ANSWER_MS)]);
}

type Kind = LiveEvent["kind"];

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Acts on everything that came meanwhile, again and again until nothing came. */
function coalesce(act: (kinds: ReadonlySet<Kind>) => Promise<void>): (...kinds: Kind[]) => void {
  let waiting = new Set<Kind>();
  let isUnderWay = false;
  const work = async (): Promise<void> => {
    isUnderWay = true;
    while (waiting.size > 0) {
      await pause(COALESCE_MS);
      const due = waiting;
      waiting = new Set();
      await act(due);
    }
    isUnderWay = false;
  };
  return (...kinds) => {
    for (const kind of kinds) waiting.add(kind);
    if (!isUnderWay) void work();
  };
}

function open(hear: (message: LiveMessage) => void): () => void {
  if (typeof SharedWorker === "undefined") return listen(hear);
  const worker = new SharedWorker(new URL("./stream.worker.ts", import.meta.url), {
    type: "module",
    name: "cartwheel-stream",
  });
  worker.port.onmessage = (event: MessageEvent<LiveMessage>) => hear(event.data);
  const leave = () => worker.port.postMessage("leave");
  addEventListener("pagehide", leave);
  return () => {
    removeEventListener("pagehide", leave);
    leave();
  };
}
