import { LANGUAGES, nearestLanguage } from ".";

const KEY = "cartwheel-language";

/** The language that this browser's reader chose; nothing while they have chosen none. */
export function chosenLanguage(): string | null {
  const chosen = localStorage.getItem(KEY);
  return chosen !== null && chosen in LANGUAGES ? chosen : null;
}

export function rememberLanguage(language: string): void {
  localStorage.setItem(KEY, language);
}

/** A new shop has this locale until somebody chooses one. */
const UNTOUCHED = "en";

/**
 * The language to speak: the chosen one, else the shop's, else the browser's, as far as the screen
 * knows it.
 */
export function languageFor(shopLocale?: string): string {
  const chosen = chosenLanguage();
  if (chosen !== null) return chosen;
  if (shopLocale !== undefined && shopLocale !== UNTOUCHED) return nearestLanguage(shopLocale);
  return nearestLanguage(navigator.languages.find(isKnown) ?? UNTOUCHED);
}

const isKnown = (locale: string) => (locale.split("-")[0] ?? "") in LANGUAGES;

/** How to write numbers and dates: as the shop does, but in the reader's language. */
export function localeFor(language: string, shopLocale: string | undefined): string {
  return shopLocale?.split("-")[0] === language ? shopLocale : language;
}
