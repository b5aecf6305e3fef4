import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconFlask } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

import { playAgain } from "@/api/runs";
import type { Run } from "@/api/types";
import { orLater } from "@/ui/orLater";

const PlayedAgain = lazy(async () => ({
  default: (await orLater(() => import("./PlayedAgain"))).PlayedAgain,
}));

/** What the workflow as it is drawn today would make of the same event. Nothing is sent. */
export function PlayAgain({ run }: { run: Run }) {
  const { t } = useTranslation("run");
  const play = useMutation({ mutationFn: () => playAgain(run) });
  return (
    <>
      <Tooltip label={t("again.hint")}>
        <ActionIcon
          hiddenFrom="sm"
          variant="default"
          size="lg"
          aria-label={t("again.action")}
          loading={play.isPending}
          onClick={() => play.mutate()}
        >
          <IconFlask size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t("again.hint")}>
        <Button
          visibleFrom="sm"
          variant="default"
          leftSection={<IconFlask size={16} aria-hidden />}
          loading={play.isPending}
          onClick={() => play.mutate()}
        >
          {t("again.action")}
        </Button>
      </Tooltip>
      {(play.isSuccess || play.isError) && (
        <Suspense>
          <PlayedAgain
            run={run}
            simulation={play.data}
            error={play.error}
            onClose={() => play.reset()}
          />
        </Suspense>
      )}
    </>
  );
}
