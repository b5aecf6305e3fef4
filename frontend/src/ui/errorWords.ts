import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "@/api/problem";

export interface ErrorWords {
  title: string;
  text: string;
}

/** Turns whatever was thrown into a headline and a sentence with the next step. */
export function useErrorWords(): (error: unknown) => ErrorWords {
  const { t } = useTranslation();
  return useCallback(
    (error) => {
      if (!(error instanceof ApiProblem))
        return { title: t("error.ours"), text: t("error.oursText") };
      if (error.status === 0) return { title: t("error.offline"), text: t("error.offlineText") };
      if (error.status === 403) return { title: t("error.forbidden"), text: error.detail };
      if (error.status === 404) return { title: t("error.missing"), text: t("error.missingText") };
      if (error.status === 503) {
        return { title: t("error.busy"), text: error.detail || t("error.busyText") };
      }
      if (error.status >= 500) return { title: t("error.ours"), text: t("error.oursText") };
      return { title: t("error.refused"), text: error.detail || t("error.refusedText") };
    },
    [t],
  );
}
