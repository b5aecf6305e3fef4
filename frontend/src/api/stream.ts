import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { create } from "zustand";

import { listen, type LiveEvent, type LiveMessage } from "./streamSource";

/** How often a screen asks by itself while the live stream is away. */
const POLL_MS = 4_000;
/** A busy shop tells hundreds of runs a second; the lists are asked again this often at most. */
const COALESCE_MS = 250;

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

function invalidate(client: QueryClient, kinds: ReadonlySet<LiveEvent["kind"]>): void {
  const keys = new Set([...kinds].flatMap((kind) => QUERIES[kind]));
  for (const key of keys) void client.invalidateQueries({ queryKey: [key] });
}

type Kind = LiveEvent["kind"];

function coalesce(act: (kinds: ReadonlySet<Kind>) => void): (...kinds: Kind[]) => void {
  let waiting = new Set<Kind>();
  return (...kinds) => {
    if (waiting.size === 0) {
      setTimeout(() => {
        const due = waiting;
        waiting = new Set();
        act(due);
      }, COALESCE_MS);
    }
    for (const kind of kinds) waiting.add(kind);
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
