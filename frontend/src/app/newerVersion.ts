/** A part of this page that the server no longer has: Cartwheel was updated under an open page. */
const SCRIPT = /<script[^>]+type="module"[^>]+src="([^"]+)"/;

/** Calls when a part is missing because the server now has another page; not without network. */
export function whenOutdated(tell: () => void): () => void {
  const look = (): void => void isOutdated().then((is) => is && tell());
  window.addEventListener("vite:preloadError", look);
  return () => window.removeEventListener("vite:preloadError", look);
}

/** Whether the server's page begins with another script than this one did. */
async function isOutdated(): Promise<boolean> {
  const own = document.querySelector('script[type="module"][src]')?.getAttribute("src");
  try {
    const answer = await fetch("/", { cache: "no-store" });
    const [, current] = SCRIPT.exec(await answer.text()) ?? [];
    return answer.ok && current !== undefined && current !== own;
  } catch {
    return false;
  }
}
