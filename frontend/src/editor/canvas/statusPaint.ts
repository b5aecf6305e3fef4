import { useLayoutEffect, useRef } from "react";

import { remembered } from "../store/derived";
import type { EditorStore } from "../store/editorStore";
import { useEditorStore } from "../store/EditorContext";

/** More cards than these are too much for one frame: the others follow in the next ones. */
export const A_FRAME = 250;

/**
 * Keeps `data-trace` of the cards at what became of their steps, without rendering them: a live
 * update may concern every card of a large workflow at once.
 */
class StatusPaint {
  private readonly cards = new Map<HTMLElement, string>();
  private waiting: HTMLElement[] = [];
  private frame = 0;
  private stop: (() => void) | null = null;

  constructor(private readonly store: EditorStore) {}

  /** Paints the card, now and whenever its step comes further; returns what ends that. */
  follow(card: HTMLElement, nodeId: string): () => void {
    this.cards.set(card, nodeId);
    this.stop ??= this.store.subscribe((now, before) => {
      if (now.trace !== before.trace) this.paintAll();
    });
    this.paint(card);
    return () => {
      this.cards.delete(card);
      if (this.cards.size > 0) return;
      this.stop?.();
      this.stop = null;
    };
  }

  private paintAll(): void {
    this.waiting = [...this.cards.keys()];
    cancelAnimationFrame(this.frame);
    this.paintSome();
  }

  private paintSome(): void {
    for (const card of this.waiting.splice(0, A_FRAME)) this.paint(card);
    if (this.waiting.length === 0) return;
    this.frame = requestAnimationFrame(() => this.paintSome());
  }

  private paint(card: HTMLElement): void {
    const { trace } = this.store.getState();
    const step = trace?.byNode.get(this.cards.get(card) ?? "");
    const status = trace === null ? undefined : (step?.status ?? "untouched");
    if (status === card.dataset.trace) return;
    if (status === undefined) delete card.dataset.trace;
    else card.dataset.trace = status;
  }
}

export const paintOf = remembered((store: EditorStore) => new StatusPaint(store));

/** For the card of a step. */
export function usePaintedStatus(nodeId: string) {
  const store = useEditorStore();
  const card = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (card.current === null) return undefined;
    return paintOf(store).follow(card.current, nodeId);
  }, [store, nodeId]);
  return card;
}
