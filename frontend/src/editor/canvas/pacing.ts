import type { EditorStore } from "../store/editorStore";
import { foreseen, grown, shrunk } from "./sight";

/** After this, somebody who looked around has come to rest. */
const REST_MS = 400;

export type Change = typeof grown | typeof shrunk | typeof foreseen;

/** Changes what is drawn; false where it stays the same. */
type Look = (change: Change) => boolean;

/**
 * Looks once in each frame in which something moves; when all is at rest, tidies away and then
 * draws ahead, as long as there is nothing else to do.
 */
export function watch(store: EditorStore, look: Look): () => void {
  let frame = 0;
  let rest: ReturnType<typeof setTimeout> | undefined;
  let stopAhead = (): void => undefined;
  const settle = (): void => {
    look(shrunk);
    stopAhead = whileIdle(() => look(foreseen));
  };
  const soon = (): void => {
    stopAhead();
    clearTimeout(rest);
    rest = setTimeout(settle, REST_MS);
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      if (look(grown)) soon();
    });
  };
  const stops = [
    store.getState().view.subscribe(soon),
    store.subscribe((now, before) => {
      if (now.openNode !== before.openNode || now.selectedNodes !== before.selectedNodes) soon();
    }),
  ];
  soon();
  return () => {
    stopAhead();
    clearTimeout(rest);
    cancelAnimationFrame(frame);
    stops.forEach((stop) => stop());
  };
}

/** Safari has no idle moments to offer; there, short pauses must do. */
const PAUSE_MS = 50;

/** Works in idle moments, until there is nothing left or it is stopped. */
function whileIdle(work: () => boolean): () => void {
  const hasIdle = "requestIdleCallback" in window;
  const begin = (step: () => void): number =>
    hasIdle ? requestIdleCallback(step) : window.setTimeout(step, PAUSE_MS);
  const step = (): void => {
    next = work() ? begin(step) : 0;
  };
  let next = begin(step);
  return () => (hasIdle ? cancelIdleCallback(next) : clearTimeout(next));
}
