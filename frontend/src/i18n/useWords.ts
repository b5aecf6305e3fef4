import type { TFunction } from "i18next";
import { useSyncExternalStore } from "react";

import { i18n } from ".";

type Namespace = "common" | "editor" | "underway";

const known = new Map<Namespace, TFunction<Namespace>>();
const readers = new Set<() => void>();

i18n.on("languageChanged", () => {
  known.clear();
  for (const tell of readers) tell();
});

function watchLanguage(reader: () => void): () => void {
  readers.add(reader);
  return () => readers.delete(reader);
}

function wordsOf(namespace: Namespace): TFunction<Namespace> {
  const found = known.get(namespace);
  if (found) return found;
  const made = i18n.getFixedT(null, namespace);
  known.set(namespace, made);
  return made;
}

/**
 * The words of a namespace that travels with the page, as `useTranslation` gives them, at a
 * hundredth of its price: that one copies all of i18next for each component. A card has seven.
 */
export function useWords<Wanted extends Namespace>(namespace: Wanted): TFunction<Wanted> {
  return useSyncExternalStore(watchLanguage, () => wordsOf(namespace)) as TFunction<Wanted>;
}

/** The language that the screen speaks. */
export function useLanguage(): string {
  return useSyncExternalStore(watchLanguage, () => i18n.resolvedLanguage ?? "en");
}
