import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { useApps } from "@/api/catalog";
import { readable } from "@/ui/schema-form/schema";

const OWN = ["api", "manual", "demo"] as const;

/** Where an event came from, by the name that the merchant knows. */
export function useSourceWords(): (source: string) => string {
  const { t } = useTranslation("events");
  const { data: apps } = useApps();
  return useCallback(
    (source) => {
      const own = OWN.find((name) => name === source);
      if (own) return t(`source.${own}`);
      return apps?.find(({ id }) => id === source)?.label ?? readable(source);
    },
    [t, apps],
  );
}
