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

/** Every time zone that this browser knows, and the one that is set. */
export function timeZoneChoices(current: string): Choice[] {
  return withCurrent(["UTC", ...Intl.supportedValuesOf("timeZone")], current).map((value) => ({
    value,
    label: value.replaceAll("_", " "),
  }));
}

/** Every currency that this browser knows, by code and name. */
export function currencyChoices(current: string): Choice[] {
  const names = new Intl.DisplayNames(undefined, { type: "currency" });
  return withCurrent(Intl.supportedValuesOf("currency"), current).map((value) => ({
    value,
    label: `${value} – ${names.of(value) ?? value}`,
  }));
}

/** The usual locales, each in its own words, and the one that is set. */
export function localeChoices(current: string): Choice[] {
  return withCurrent(LOCALES, current).map((value) => ({
    value,
    label: new Intl.DisplayNames(value, { type: "language" }).of(value) ?? value,
  }));
}

function withCurrent(values: string[], current: string): string[] {
  return values.includes(current) ? [...new Set(values)] : [current, ...values];
}
