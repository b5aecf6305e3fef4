/** A stretch of days, as people choose it; days are those of the shop. */
export interface Period {
  /** First day, as in `2026-11-22`. */
  from?: string;
  /** Last day, inclusive. */
  to?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export const isDay = (text: unknown): text is string =>
  typeof text === "string" && DAY.test(text) && !Number.isNaN(Date.parse(text));

/** The moments between which the period lies, in the zone; RFC 3339. */
export function momentsOf({ from, to }: Period, zone: string): { since?: string; until?: string } {
  return {
    ...(from ? { since: startOfDay(from, zone).toISOString() } : {}),
    ...(to ? { until: startOfDay(nextDay(to), zone).toISOString() } : {}),
  };
}

function nextDay(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}

/** Midnight in the zone: as far from midnight UTC as the zone's clocks are at that time. */
function startOfDay(day: string, zone: string): Date {
  const midnight = new Date(`${day}T00:00:00Z`);
  const first = new Date(midnight.getTime() - offset(midnight, zone));
  return new Date(midnight.getTime() - offset(first, zone));
}

function offset(at: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  const there = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return there - Math.floor(at.getTime() / 1000) * 1000;
}

/** Today and so many days before it, in the zone. */
export function lastDays(days: number, zone: string, now: Date): Period {
  const day = (at: Date) => new Intl.DateTimeFormat("sv", { timeZone: zone }).format(at);
  return { from: day(new Date(now.getTime() - (days - 1) * 86_400_000)) };
}
