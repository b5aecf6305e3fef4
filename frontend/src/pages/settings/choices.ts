import { type Choice, withCurrent } from "@/ui/locales";

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
