import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { sessionQuery } from "@/api/session";

/** By which name customers see the shop. */
export function useSender(): string {
  const { t } = useTranslation("outbox");
  const { data: session } = useQuery({ ...sessionQuery, enabled: false });
  return session?.workspace.name ?? t("shop");
}
