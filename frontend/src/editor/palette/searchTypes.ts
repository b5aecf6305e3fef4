import { CATEGORIES, type Category, type NodeType } from "@/graph/catalog";

export interface TypeGroup {
  readonly category: Category;
  readonly types: readonly NodeType[];
}

/** A type fits when every word of the search is found in it; better places come first. */
export function searchTypes(types: readonly NodeType[], search: string): readonly NodeType[] {
  const words = folded(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return types;
  return types
    .map((type) => ({ type, score: scoreOf(type, words) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ type }) => type);
}

function scoreOf(type: NodeType, words: readonly string[]): number {
  const places: readonly (readonly [string, number])[] = [
    [folded(type.label), 8],
    [folded(type.search.join(" ")), 4],
    [folded(`${type.app ?? ""} ${type.type.replaceAll(/[._]/g, " ")}`), 3],
    [folded(type.description), 1],
  ];
  let sum = 0;
  for (const word of words) {
    const best = Math.max(...places.map(([text, weight]) => weight * fit(text, word)));
    if (best === 0) return 0;
    sum += best;
  }
  return sum;
}

/** Two at the beginning of a word, one inside it. */
function fit(text: string, word: string): number {
  if (text.startsWith(word) || text.includes(` ${word}`)) return 2;
  return text.includes(word) ? 1 : 0;
}

/** Without capitals and accents, so that "platnosc" finds "Płatność". */
export function folded(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll("ł", "l")
    .replaceAll("Ł", "l")
    .toLowerCase();
}

/** In the order of the kinds; within the actions those of the workflow's own channel first. */
export function groupTypes(
  types: readonly NodeType[],
  channel: string | null,
): readonly TypeGroup[] {
  const isOwn = (type: NodeType): number => Number(type.message?.channel === channel);
  return CATEGORIES.map((category) => ({
    category,
    types: types
      .filter((type) => type.category === category)
      .toSorted((one, other) => isOwn(other) - isOwn(one)),
  })).filter((group) => group.types.length > 0);
}
