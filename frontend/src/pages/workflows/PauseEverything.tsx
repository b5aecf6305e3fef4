import { IconPlayerPause } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { pauseEverything, useWorkflowChange } from "@/api/workflows";
import { ConfirmButton } from "@/ui/ConfirmButton";
import { useNotify } from "@/ui/notify";

/** The one button that stops the whole shop's workflows. */
export function PauseEverything() {
  const { t } = useTranslation("workflows");
  const notify = useNotify();
  const change = useWorkflowChange(() => pauseEverything(), {
    onSuccess: ({ workflows }) => notify.done(t("pauseAll.done", { count: workflows })),
    onError: notify.failed,
  });
  return (
    <ConfirmButton
      variant="default"
      leftSection={<IconPlayerPause size={18} aria-hidden />}
      loading={change.isPending}
      question={t("pauseAll.title")}
      consequence={t("pauseAll.text")}
      confirm={t("pauseAll.confirm")}
      onConfirm={() => change.mutate(undefined)}
    >
      {t("pauseAll.open")}
    </ConfirmButton>
  );
}
