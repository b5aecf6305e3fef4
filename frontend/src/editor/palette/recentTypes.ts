const KEY = "cartwheel.recent-steps";
const KEPT = 4;

/** The node types used last in this browser, newest first. */
export function recentTypes(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter((name) => typeof name === "string") : [];
  } catch {
    // Whatever another version wrote there is not worth a fault.
    return [];
  }
}

export function rememberType(name: string): void {
  const rest = recentTypes().filter((other) => other !== name);
  try {
    localStorage.setItem(KEY, JSON.stringify([name, ...rest].slice(0, KEPT)));
  } catch {
    // A browser without storage only forgets what was used last.
  }
}
