export interface Choice {
  value: string;
  label: string;
}

const LOCALES = [
  "en-GB",
  "en-US",
  "cs-CZ",
  "da-DK",
  "de-DE",
  "es-ES",
  "fr-FR",
  "it-IT",
  "ja-JP",
  "nl-NL",
  "pl-PL",
  "pt-BR",
  "ru-RU",
  "sv-SE",
  "uk-UA",
  "zh-TW",
];

/** The usual locales, each in its own words, and the one that is set. */
export function localeChoices(current: string): Choice[] {
  return withCurrent(LOCALES, current).map((value) => ({
    value,
    label: new Intl.DisplayNames(value, { type: "language" }).of(value) ?? value,
  }));
}

/** The values, and the one that is set before them where they lack it. */
export function withCurrent(values: string[], current: string): string[] {
  return values.includes(current) ? [...new Set(values)] : [current, ...values];
}
