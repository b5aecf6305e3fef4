import { createStore, type StoreApi } from "zustand/vanilla";

import { rehearse, type RehearsedEvent, type WhichEvents } from "@/api/rehearsal";
import { differencesOf, isNothing } from "@/graph/differences";
import type { Graph } from "@/graph/values";

import type { Autosaver } from "../saving/Autosaver";
import type { EditorStore } from "../store/editorStore";
import type { Kind } from "./kinds";
import { type Scope, whichEvents } from "./scopes";

/** What was rehearsed, as far as it has come. */
export interface Outcome {
  readonly scope: Scope;
  readonly which: WhichEvents;
  /** The draft that was played, and what it was compared with; `null`: with nothing. */
  readonly graph: Graph;
  readonly revision: number;
  readonly liveVersion: number | null;
  readonly events: readonly RehearsedEvent[];
  readonly compared: number;
  readonly total: number;
  /** Where to go on; `null` at the end. */
  readonly cursor: string | null;
}

export type Trouble =
  | { readonly kind: "failed"; readonly error: unknown }
  /** What is on the canvas could not be saved, so something else would be rehearsed. */
  | { readonly kind: "unsaved" }
  /** Somebody changed the draft, or what is live, between two pages. */
  | { readonly kind: "changed" };

export interface RehearsalState {
  readonly scope: Scope;
  readonly isRunning: boolean;
  readonly outcome: Outcome | null;
  readonly trouble: Trouble | null;
  /** Only events that differ in this are listed. */
  readonly shown: Kind | null;
  readonly chosen: string | null;
}

const BEGINNING: RehearsalState = {
  scope: "days-7",
  isRunning: false,
  outcome: null,
  trouble: null,
  shown: null,
  chosen: null,
};

/** Asks for one page of a rehearsal after the other. Whoever stops asking has stopped it. */
export class Rehearser {
  readonly state: StoreApi<RehearsalState> = createStore<RehearsalState>(() => BEGINNING);
  private asking: AbortController | null = null;

  constructor(
    private readonly editor: EditorStore,
    private readonly saver: Autosaver,
    private readonly workflowId: string,
  ) {}

  choose(scope: Scope): void {
    this.state.setState({ scope });
  }

  /** Begins anew, with the draft as it is on the canvas now. */
  async start(): Promise<void> {
    this.stop();
    const asking = this.begin();
    this.state.setState({ outcome: null, shown: null, chosen: null });
    await this.saver.flush();
    if (asking.signal.aborted) return;
    if (this.saver.state.getState().kind !== "saved") {
      this.end(asking, { kind: "unsaved" });
      return;
    }
    const { scope } = this.state.getState();
    const which = whichEvents(scope, new Date());
    const { graph } = this.editor.getState();
    const { revision } = this.saver;
    const nothing = { events: [], compared: 0, total: 0, cursor: null };
    await this.ask(asking, { scope, which, graph, revision, liveVersion: null, ...nothing }, true);
  }

  /** Continues where it was stopped. */
  async goOn(): Promise<void> {
    const { outcome } = this.state.getState();
    if (outcome?.cursor) await this.ask(this.begin(), outcome, false);
  }

  stop(): void {
    this.asking?.abort();
    this.asking = null;
    this.state.setState({ isRunning: false });
  }

  private begin(): AbortController {
    const asking = new AbortController();
    this.asking = asking;
    this.state.setState({ isRunning: true, trouble: null });
    return asking;
  }

  private end(asking: AbortController, trouble: Trouble | null = null): void {
    if (this.asking !== asking) return;
    this.asking = null;
    this.state.setState({ isRunning: false, trouble });
  }

  private async ask(asking: AbortController, from: Outcome, isFirst: boolean): Promise<void> {
    const { signal } = asking;
    let known = from;
    try {
      for (let begins = isFirst; begins || known.cursor !== null; begins = false) {
        const page = await rehearse(this.workflowId, known.which, known.cursor, signal);
        if (signal.aborted) return;
        const isSame = begins || page.live_version === known.liveVersion;
        if (page.revision !== known.revision || !isSame) {
          this.end(asking, { kind: "changed" });
          return;
        }
        known = {
          ...known,
          liveVersion: page.live_version,
          events: [...known.events, ...page.items],
          compared: page.compared,
          total: page.total,
          cursor: page.next,
        };
        this.state.setState({ outcome: known });
      }
      this.end(asking);
    } catch (error) {
      if (!signal.aborted) this.end(asking, { kind: "failed", error });
    }
  }
}

/** Whether the draft does something else by now than what was rehearsed. */
export function isOutdated({ graph }: Outcome, now: Graph): boolean {
  return graph !== now && !isNothing(differencesOf(graph, now));
}

const rehearsers = new WeakMap<EditorStore, Rehearser>();

/** The one of this editor; what it found is there for as long as the editor is open. */
export function rehearserOf(editor: EditorStore, saver: Autosaver, workflowId: string): Rehearser {
  const known = rehearsers.get(editor);
  if (known) return known;
  const made = new Rehearser(editor, saver, workflowId);
  rehearsers.set(editor, made);
  return made;
}
