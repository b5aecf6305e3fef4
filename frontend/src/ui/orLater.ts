const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

/** Without network a part of the screen comes later; nobody loses the canvas over it. */
export async function orLater<Part>(
  load: () => Promise<Part>,
  pause = FIRST_RETRY_MS,
): Promise<Part> {
  try {
    return await load();
  } catch {
    await new Promise((resolve) => setTimeout(resolve, pause));
    return orLater(load, Math.min(2 * pause, LONGEST_RETRY_MS));
  }
}
