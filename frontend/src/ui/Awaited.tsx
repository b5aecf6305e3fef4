import "@/i18n/later/underway";

import { useTranslation } from "react-i18next";

import type { WaitsFor } from "@/api/types";

import { Time } from "./Time";

interface Props {
  waitsFor: WaitsFor | null | undefined;
  /** RFC 3339; without it only somebody's answer ends the wait. */
  until: string | null;
  /** As of `Time`. */
  as?: "relative" | "full";
}

/** What is waited for, and until when. */
export function Awaited({ waitsFor, until, as = "relative" }: Props) {
  const { t } = useTranslation("underway");
  if (until === null) return t("waits.for.done");
  return (
    <>
      {t(`waits.for.${waitsFor ?? "time"}`)} <Time at={until} as={as} />
    </>
  );
}
