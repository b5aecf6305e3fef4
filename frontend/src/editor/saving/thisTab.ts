/**
 * A name for this tab that no other living tab has. It survives a reload; a tab that was duplicated
 * begins with the name of the original and takes one of its own.
 *
 * A page holds a lock of its tab's name for as long as it lives.
 */
const KEY = "cartwheel.tab";
const LOCK = "cartwheel.tab.";
/** A page that was just left may hold its lock a moment longer. */
const PATIENCE_MS = 500;

export const tabName = (): string => (sessionStorage[KEY] ??= newName()) as string;

const newName = (): string => String(Math.random());

let named: Promise<void> | undefined;

/** Resolves when the name is this tab's alone. */
export const nameThisTab = (): Promise<void> => (named ??= takeName());

async function takeName(): Promise<void> {
  if (await hold(tabName())) return;
  sessionStorage[KEY] = newName();
  await hold(tabName());
}

/** Whether the name could be taken; where there are no locks, it could. */
function hold(name: string): Promise<boolean> {
  if (!("locks" in navigator)) return Promise.resolve(true);
  return new Promise((tell) => {
    const forGood = (): Promise<never> => {
      tell(true);
      return new Promise(() => undefined);
    };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    navigator.locks.request(LOCK + name, { signal }, forGood).catch(() => tell(false));
  });
}

/** The names of all tabs that live. */
export async function livingTabs(): Promise<ReadonlySet<string>> {
  if (!("locks" in navigator)) return new Set();
  const { held = [] } = await navigator.locks.query();
  return new Set(held.map(({ name = "" }) => name.slice(LOCK.length)));
}
