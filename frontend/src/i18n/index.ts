import i18next, { type BackendModule, type Resource, type ResourceKey } from "i18next";
import { initReactI18next } from "react-i18next";

import { firstEnglish, LATER } from "./first";

/** The languages of the screen, each by its own name. */
export const LANGUAGES: Readonly<Record<string, string>> = {
  en: "English",
  pl: "Polski",
};

/** The screen's language for a locale: itself, its language, or English. */
export function nearestLanguage(locale: string): string {
  const [language = ""] = locale.split("-");
  return [locale, language].find((name) => name in LANGUAGES) ?? "en";
}

const files = import.meta.glob<{ default: ResourceKey }>(["./locales/*/*.json", "!./locales/en/*"]);

/** English travels with the first screen; every other language is fetched when it is chosen. */
const lazily: BackendModule = {
  type: "backend",
  init: () => undefined,
  read: (language, namespace, done) => {
    const load = files[`./locales/${language}/${namespace}.json`];
    if (!load) return done(null, {});
    load().then(
      (file) => done(null, file.default),
      (reason: unknown) => done(reason as Error, false),
    );
  },
};

export const i18n = i18next.createInstance();

const later: Record<string, Readonly<Record<string, unknown>>> = {};

/** The English of a page, when its script arrives: before or after the texts are ready. */
export function addEnglish(
  namespace: (typeof LATER)[number] | "editor",
  texts: Readonly<Record<string, unknown>>,
): void {
  later[namespace] = texts;
  if (i18n.isInitialized) i18n.addResourceBundle("en", namespace, texts, true, true);
}

/** Prepares the texts; to be awaited before the first render. */
export async function startTexts(language = "en"): Promise<void> {
  await i18n
    .use(lazily)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: "en",
      supportedLngs: Object.keys(LANGUAGES),
      partialBundledLanguages: true,
      resources: { en: knownEnglish() },
      ns: [...Object.keys(firstEnglish), ...LATER],
      defaultNS: "common",
      interpolation: { escapeValue: false },
    });
}

/** Of the editor a part comes with the first screen, and another with what it opens. */
function knownEnglish(): Resource["en"] {
  return { ...firstEnglish, ...later, editor: { ...firstEnglish.editor, ...later.editor } };
}
