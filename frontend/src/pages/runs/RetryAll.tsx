import "@/i18n/later/runs";

import { IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { retryAll, type RunFilter, tallyQuery, useRunChange } from "@/api/runs";
import { usePollInterval } from "@/api/stream";
import { ConfirmButton } from "@/ui/ConfirmButton";
import { useNotify } from "@/ui/notify";

/** Lets every failed run of the list go on; says how many before and what came of it after. */
export function RetryAll({ filter }: { filter: RunFilter }) {
  const { t } = useTranslation("runs");
  const notify = useNotify();
  const { data } = useQuery({ ...tallyQuery(filter), refetchInterval: usePollInterval() });
  const { mutate, isPending } = useRunChange(retryAll, {
    onSuccess: ({ retried, asking }) => {
      const words = t("retryAll.done", { count: retried });
      notify.done(asking > 0 ? `${words} ${t("retryAll.asking", { count: asking })}` : words);
    },
    onError: notify.failed,
  });
  const failed = data?.failed ?? 0;
  if (failed === 0) return null;
  return (
    <ConfirmButton
      variant="default"
      leftSection={<IconRefresh size={16} aria-hidden />}
      loading={isPending}
      question={t("retryAll.question", { count: failed })}
      consequence={t("retryAll.consequence")}
      confirm={t("retryAll.action", { count: failed })}
      onConfirm={() => mutate(filter)}
    >
      {t("retryAll.action", { count: failed })}
    </ConfirmButton>
  );
}
