import { Alert, Button, Group, Text } from "@mantine/core";
import { IconHelp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { cancelRun, retryRun, useRunChange } from "@/api/runs";
import type { Run } from "@/api/types";
import { ConfirmButton } from "@/ui/ConfirmButton";
import { useNotify } from "@/ui/notify";

/** The code of a step of which nobody knows whether it was done. */
export const OUTCOME_UNKNOWN = "outcome_unknown";

/** Nobody knows whether the step was done: what is known, and the merchant's choice. */
export function UnknownOutcome({ run }: { run: Run }) {
  const { t } = useTranslation("run");
  const notify = useNotify();
  const told = (words: string) => ({ onSuccess: () => notify.done(words), onError: notify.failed });
  const again = useRunChange((id: string) => retryRun(id, true), told(t("unknown.sentAgain")));
  const leave = useRunChange(cancelRun, told(t("unknown.left")));
  if (run.error?.code !== OUTCOME_UNKNOWN) return null;
  return (
    <Alert
      color="yellow"
      icon={<IconHelp aria-hidden />}
      title={t("unknown.title")}
      role="alert"
      mb="md"
    >
      <Text size="sm">{run.error.message}</Text>
      <Text size="sm" mt={6}>
        {t("unknown.text")}
      </Text>
      <Group gap="sm" mt="sm">
        <ConfirmButton
          size="xs"
          loading={again.isPending}
          question={t("unknown.againQuestion")}
          consequence={t("unknown.againConsequence")}
          confirm={t("unknown.again")}
          onConfirm={() => again.mutate(run.id)}
        >
          {t("unknown.again")}
        </ConfirmButton>
        <Button
          size="xs"
          variant="default"
          loading={leave.isPending}
          onClick={() => leave.mutate(run.id)}
        >
          {t("unknown.leave")}
        </Button>
      </Group>
    </Alert>
  );
}
