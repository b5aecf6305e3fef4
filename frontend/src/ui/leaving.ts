/** What is still to be saved before the page may be loaded anew. */
const works = new Set<() => Promise<void>>();

const LONGEST_WAIT_MS = 5_000;

/** `save` is awaited before this page loads itself again; returns the function that forgets it. */
export function saveBeforeLeaving(save: () => Promise<void>): () => void {
  works.add(save);
  return () => works.delete(save);
}

/** Settles when everything is saved, or it takes too long: unsaved drafts stay in the browser. */
export async function everythingSaved(): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS));
  await Promise.race([Promise.allSettled([...works].map((save) => save())), late]);
}
