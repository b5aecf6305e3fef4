const WORDS = /\d+ of \d+ entries of |has no entries|pasuje \d+ z \d+ pozycji|: brak pozycji/i;

/** Rules about whole lists are told by how many entries fit; only the server's sentence, in any of
 * the languages that it speaks, does so. */
export function countsEntries(told: string): boolean {
  return WORDS.test(told);
}
