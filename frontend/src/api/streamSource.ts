/** What the server tells as it happens. */
export type LiveEvent =
  | { kind: "run"; id: string; workflow_id: string; status: string }
  | { kind: "event"; id: string }
  | { kind: "message"; id: string };

export type LiveMessage = { kind: "open" } | { kind: "lost" } | LiveEvent;

const KINDS = ["run", "event", "message"] as const;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Listens to `/api/stream` for as long as the returned function is not called.
 *
 * A browser's EventSource gives up on a refused answer (signed out, server restarting); this one
 * comes back, each time after twice the pause.
 */
export function listen(hear: (message: LiveMessage) => void): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = FIRST_PAUSE_MS;

  function connect(): void {
    const opened = new EventSource("/api/stream");
    source = opened;
    opened.onopen = () => {
      pause = FIRST_PAUSE_MS;
      hear({ kind: "open" });
    };
    opened.onerror = () => {
      hear({ kind: "lost" });
      if (opened.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(connect, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    };
    for (const kind of KINDS) {
      opened.addEventListener(kind, (event) => tell(hear, kind, String(event.data)));
    }
  }

  connect();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

function tell(hear: (message: LiveMessage) => void, kind: LiveEvent["kind"], text: string): void {
  try {
    hear({ ...(JSON.parse(text) as object), kind } as LiveEvent);
  } catch {
    // A half-written message says only that something happened; the next one tells it again.
  }
}
