import { createStore, type StoreApi } from "zustand/vanilla";

import { ApiProblem } from "@/api/problem";
import { sameGraph } from "@/graph/sameGraph";
import type { Graph } from "@/graph/values";

import { dropDraft, keepDraft } from "./keptDrafts";

export type SaveState =
  | { readonly kind: "saved" }
  | { readonly kind: "unsaved" }
  | { readonly kind: "saving" }
  /** The server cannot be reached; the draft is kept in this browser and tried again. */
  | { readonly kind: "offline" }
  /** The server will not take this draft, whatever is tried. */
  | { readonly kind: "refused"; readonly reason: ApiProblem }
  /** Somebody saved another draft in the meantime. */
  | { readonly kind: "conflict"; readonly theirs: Revision };

export interface Revision {
  readonly revision: number;
  readonly graph: Graph;
}

interface Options {
  readonly workflowId: string;
  readonly start: Revision;
  /** @throws ApiProblem; with status 409 it carries the server's `revision` and `graph`. */
  readonly save: (draft: Revision, isLast: boolean) => Promise<{ readonly revision: number }>;
}

/** A pause in the work is saved after this time, … */
const PAUSE_MS = 700;
/** … and work without a pause after this one. */
const LONGEST_WAIT_MS = 1_800;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;
/** Browsers refuse a larger request from a page that is going away. */
const LARGEST_FAREWELL = 60_000;

/**
 * Brings every change to the server, one request at a time, each with the revision it builds on.
 * Until the server has a change, it is kept in the browser.
 */
export class Autosaver {
  readonly state: StoreApi<SaveState> = createStore<SaveState>(() => ({ kind: "saved" }));
  private graph: Graph;
  private saved: Revision;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waitingSince = 0;
  private failures = 0;
  private running: Promise<void> | null = null;

  constructor(private readonly options: Options) {
    this.saved = options.start;
    this.graph = options.start.graph;
  }

  get revision(): number {
    return this.saved.revision;
  }

  change(graph: Graph): void {
    this.graph = graph;
    if (this.isBlocked()) return this.keep();
    if (!this.isDirty()) return;
    this.keep();
    this.state.setState(this.running ? { kind: "saving" } : { kind: "unsaved" }, true);
    this.schedule();
  }

  /** Saves now; resolves when nothing is left to save or it cannot be saved for the time being. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    if (this.running) await this.running;
    if (this.isDirty() && !this.isBlocked()) await this.saveNow();
  }

  /** The page goes away: the last change is sent along, if it is small enough; it is kept anyway. */
  leave(): void {
    clearTimeout(this.timer);
    if (!this.isDirty() || this.isBlocked() || this.running) return;
    const draft = { graph: this.graph, revision: this.saved.revision };
    if (JSON.stringify(draft).length <= LARGEST_FAREWELL) void this.saveNow(true);
  }

  /** The network is back, so there is no need to wait for the next try. */
  retry(): void {
    if (this.state.getState().kind === "offline") void this.flush();
  }

  /** Continues from the server's draft; what was here is given up, or says the same. */
  takeTheirs(theirs: Revision): void {
    const isSame = sameGraph(theirs.graph, this.graph);
    this.graph = isSame ? this.graph : theirs.graph;
    this.saved = { revision: theirs.revision, graph: this.graph };
    dropDraft(this.options.workflowId);
    this.state.setState({ kind: "saved" }, true);
  }

  /** Reports that the server's draft is not the one that this work began from. */
  conflict(theirs: Revision): void {
    clearTimeout(this.timer);
    this.keep();
    this.state.setState({ kind: "conflict", theirs }, true);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private isDirty(): boolean {
    return this.graph !== this.saved.graph;
  }

  private isBlocked(): boolean {
    return this.state.getState().kind === "conflict";
  }

  private keep(): void {
    keepDraft(this.options.workflowId, { graph: this.graph, revision: this.saved.revision });
  }

  private schedule(): void {
    const now = performance.now();
    if (this.timer === undefined) this.waitingSince = now;
    clearTimeout(this.timer);
    const rest = this.waitingSince + LONGEST_WAIT_MS - now;
    this.timer = setTimeout(() => void this.flush(), Math.max(0, Math.min(PAUSE_MS, rest)));
  }

  private async saveNow(isLast = false): Promise<void> {
    this.timer = undefined;
    this.state.setState({ kind: "saving" }, true);
    this.running = this.attempt(isLast);
    await this.running;
    this.running = null;
    if (this.isDirty() && this.state.getState().kind === "saved") {
      this.state.setState({ kind: "unsaved" }, true);
      this.schedule();
    }
  }

  private async attempt(isLast: boolean): Promise<void> {
    const graph = this.graph;
    try {
      const draft = { graph, revision: this.saved.revision };
      const answer = await this.options.save(draft, isLast);
      this.saved = { graph, revision: answer.revision };
      this.failures = 0;
      if (this.isDirty()) this.keep();
      else dropDraft(this.options.workflowId);
      this.state.setState({ kind: "saved" }, true);
    } catch (error) {
      this.fail(error instanceof ApiProblem ? error : new ApiProblem(0, "unreachable", ""));
    }
  }

  private fail(problem: ApiProblem): void {
    const theirs = problem.status === 409 ? theirsIn(problem) : null;
    // Our own farewell from a page that went away may have arrived after all.
    if (theirs && sameGraph(theirs.graph, this.graph)) return this.takeTheirs(theirs);
    if (theirs) return this.conflict(theirs);
    if (isPassing(problem)) {
      const pause = Math.min(FIRST_RETRY_MS * 2 ** this.failures, LONGEST_RETRY_MS);
      this.failures += 1;
      this.state.setState({ kind: "offline" }, true);
      this.timer = setTimeout(() => void this.flush(), pause);
      return;
    }
    this.state.setState({ kind: "refused", reason: problem }, true);
  }
}

/** Worth another try by itself: no answer, a busy server, or too many requests. */
function isPassing({ status }: ApiProblem): boolean {
  return status === 0 || status >= 500 || status === 429;
}

function theirsIn({ extra }: ApiProblem): Revision | null {
  const { revision, graph } = extra;
  if (typeof revision !== "number" || graph === undefined) return null;
  return { revision, graph: graph as unknown as Graph };
}
