interface Left {
  readonly node_id: string;
  readonly iteration: string;
}

interface Pair<Sent> {
  readonly live: Sent | null;
  readonly draft: Sent | null;
}

/** What left from the same step in both, the first beside the first. */
export function pairsOf<Sent extends Left>(
  live: readonly Sent[],
  draft: readonly Sent[],
): readonly Pair<Sent>[] {
  const [before, after] = [byPlace(live), byPlace(draft)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((place) => {
    const [old, fresh] = [before.get(place) ?? [], after.get(place) ?? []];
    const count = Math.max(old.length, fresh.length);
    return Array.from({ length: count }, (_, index) => ({
      live: old[index] ?? null,
      draft: fresh[index] ?? null,
    }));
  });
}

function byPlace<Sent extends Left>(all: readonly Sent[]): Map<string, Sent[]> {
  const found = new Map<string, Sent[]>();
  for (const one of all) {
    const place = `${one.node_id} ${one.iteration}`;
    found.set(place, [...(found.get(place) ?? []), one]);
  }
  return found;
}
