import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";

import { sessionQuery } from "@/api/session";
import { localeFor } from "@/i18n/reading";
import { useLanguage } from "@/i18n/useWords";

export interface Formats {
  /** "22 November 2026, 14:05" in the shop's time zone. */
  full: (at: string | Date) => string;
  /** "14:05" today, "21 Nov" this year, "21 Nov 2025" before. */
  short: (at: string | Date, now: Date) => string;
  /** "3 minutes ago", "in 2 days". */
  relative: (at: string | Date, now: Date) => string;
  /** "1.4s", "3 minutes", "2 days". */
  duration: (milliseconds: number) => string;
  number: (value: number) => string;
  /** A number that came as text, with its own decimals: "1,000.50". Other texts stay as they are. */
  decimal: (text: string) => string;
  /** "22 Nov 2026" for a day such as `2026-11-22`, which is the same day everywhere. */
  day: (day: string) => string;
}

/** Dates and numbers as the shop writes them. */
export function useFormats(): Formats {
  const { data: session } = useQuery({ ...sessionQuery, enabled: false });
  const locale = localeFor(useLanguage(), session?.workspace.locale);
  return sharedFormats(locale, session?.workspace.timezone);
}

const shared = new Map<string, Formats>();

/** Each of the browser's formats takes a part of a frame to make, and a page has hundreds of dates. */
function sharedFormats(locale: string | undefined, zone: string | undefined): Formats {
  const key = `${locale ?? ""} ${zone ?? ""}`;
  const made = shared.get(key) ?? formatsOf(locale, zone);
  shared.set(key, made);
  return made;
}

/** The formats of a locale and a time zone; those of the browser where one is unknown to it. */
export function formatsOf(locale?: string, zone?: string): Formats {
  const language = known(locale, (tag) => new Intl.DateTimeFormat(tag));
  const timeZone = known(zone, (name) => new Intl.DateTimeFormat(language, { timeZone: name }));
  const dates = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { ...options, ...(timeZone ? { timeZone } : {}) });
  const full = dates({ dateStyle: "long", timeStyle: "short" });
  const clock = dates({ timeStyle: "short" });
  const day = dates({ dateStyle: "short" });
  const dayInYear = dates({ day: "numeric", month: "short" });
  const dayAndYear = dates({ day: "numeric", month: "short", year: "numeric" });
  const wholeDay = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  const distance = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return {
    full: (at) => full.format(new Date(at)),
    short: (at, now) => {
      const date = new Date(at);
      if (day.format(date) === day.format(now)) return clock.format(date);
      const sameYear = date.getFullYear() === now.getFullYear();
      return (sameYear ? dayInYear : dayAndYear).format(date);
    },
    relative: (at, now) => {
      const [count, unit] = largestUnit(new Date(at).getTime() - now.getTime());
      return distance.format(count, unit);
    },
    duration: (milliseconds) => durationWords(milliseconds, language),
    number: (value) => new Intl.NumberFormat(language).format(value),
    decimal: (text) => decimalWords(text, language),
    day: (day) => wholeDay.format(new Date(`${day}T00:00:00Z`)),
  };
}

function known(name: string | undefined, attempt: (name: string) => unknown): string | undefined {
  if (!name) return undefined;
  try {
    attempt(name);
    return name;
  } catch {
    // The server may know zones and locales that this browser does not.
    return undefined;
  }
}

type Unit = "day" | "hour" | "minute" | "second";
const UNITS: readonly [Unit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

function largestUnit(milliseconds: number): [number, Unit] {
  for (const [unit, length] of UNITS) {
    if (Math.abs(milliseconds) >= length) return [Math.round(milliseconds / length), unit];
  }
  const seconds = Math.round(milliseconds / 1000);
  // Our clock ticks slowly and is not the server's, so what just happened may seem to lie ahead.
  return [seconds > -5 && seconds < 25 ? 0 : seconds, "second"];
}

function durationWords(milliseconds: number, language: string | undefined): string {
  if (milliseconds < 100) {
    const unit = { style: "unit", unit: "millisecond", unitDisplay: "narrow" } as const;
    return new Intl.NumberFormat(language, unit).format(Math.round(milliseconds));
  }
  const [unit, length] = UNITS.find(([, length]) => milliseconds >= length) ?? ["second", 1000];
  const count = milliseconds / length;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    unitDisplay: unit === "second" ? "narrow" : "long",
    maximumFractionDigits: count < 10 ? 1 : 0,
  }).format(count);
}

function decimalWords(text: string, language: string | undefined): string {
  if (!/^-?\d+(\.\d+)?$/.test(text.trim())) return text;
  const decimals = Math.min(text.trim().split(".")[1]?.length ?? 0, 20);
  const format = new Intl.NumberFormat(language, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  // As text, because a float would round long amounts.
  return format.format(text.trim() as `${number}`);
}

const TICK_MS = 20_000;
let now = new Date();
const watchers = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

function watchClock(watcher: () => void): () => void {
  watchers.add(watcher);
  ticking ??= setInterval(() => {
    now = new Date();
    for (const tell of watchers) tell();
  }, TICK_MS);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** The time, renewed every twenty seconds for all who look at once. */
export function useNow(): Date {
  return useSyncExternalStore(watchClock, () => now);
}
