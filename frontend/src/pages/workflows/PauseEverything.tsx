import { IconPlayerPause } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { pauseEverything, useWorkflowChange } from "@/api/workflows";
import { ConfirmButton } from "@/ui/ConfirmButton";
import { useNotify } from "@/ui/notify";

interface Props {
  /** Whether anything is on. What is done is told when nothing is any more. */
  isNeeded: boolean;
}

/** The one button that stops the whole shop's workflows. */
export function PauseEverything({ isNeeded }: Props) {
  const { t } = useTranslation("workflows");
  const notify = useNotify();
  const change = useWorkflowChange(() => pauseEverything());
  const pause = () =>
    change.mutate(undefined, {
      onSuccess: ({ workflows }) => notify.done(t("pauseAll.done", { count: workflows })),
      onError: notify.failed,
    });
  if (!isNeeded) return null;
  return (
    <ConfirmButton
      variant="default"
      leftSection={<IconPlayerPause size={18} aria-hidden />}
      loading={change.isPending}
      question={t("pauseAll.title")}
      consequence={t("pauseAll.text")}
      confirm={t("pauseAll.confirm")}
      onConfirm={pause}
    >
      {t("pauseAll.open")}
    </ConfirmButton>
  );
}
