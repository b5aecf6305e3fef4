import "@/i18n/later/workflows";

import { Button, Group, Radio, Stack, Switch, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "@/api/problem";
import type { WorkflowSummary } from "@/api/types";
import { activate, deactivate, useWorkflowChange, type Waiting } from "@/api/workflows";
import { Dialog } from "@/ui/Dialog";
import { useNotify } from "@/ui/notify";

/** Switches a workflow on, or off after asking what becomes of those who wait in it. */
export function StateSwitch({ workflow }: { workflow: WorkflowSummary }) {
  const { t } = useTranslation("workflows");
  const [asking, ask] = useDisclosure();
  const switchOn = useSwitchOn(workflow);
  const active = workflow.state === "active";
  return (
    <>
      <Switch
        checked={active}
        disabled={switchOn.isPending}
        aria-label={t(active ? "switchOff" : "switchOn", { name: workflow.name })}
        onChange={() => (active ? ask.open() : switchOn.mutate(workflow.id))}
      />
      <SwitchOffDialog workflow={workflow} opened={asking} onClose={ask.close} />
    </>
  );
}

function useSwitchOn(workflow: WorkflowSummary) {
  const { t } = useTranslation("workflows");
  const notify = useNotify();
  const navigate = useNavigate();
  const change = useWorkflowChange(activate, {
    onSuccess: () => notify.done(t("switchedOn", { name: workflow.name })),
    onError: notify.failed,
  });
  return {
    ...change,
    mutate: (id: string) =>
      change.mutate(id, {
        onError: (error) => {
          // The problems are mended on the canvas, so that is where to go.
          if (error instanceof ApiProblem && error.status === 422) {
            void navigate({ to: "/workflows/$id", params: { id } });
          }
        },
      }),
  };
}

const CHOICES = ["finish", "pause", "cancel"] as const satisfies readonly Waiting[];

interface DialogProps {
  workflow: WorkflowSummary;
  opened: boolean;
  onClose: () => void;
}

export function SwitchOffDialog({ workflow, opened, onClose }: DialogProps) {
  const { t } = useTranslation(["workflows", "common"]);
  const [waiting, setWaiting] = useState<Waiting>("finish");
  const notify = useNotify();
  const change = useWorkflowChange(() => deactivate(workflow.id, waiting), {
    onSuccess: () => notify.done(t("switchedOff", { name: workflow.name })),
    onError: notify.failed,
  });
  return (
    <Dialog opened={opened} onClose={onClose} title={t("off.title", { name: workflow.name })}>
      <Text mb="md">{t("off.text")}</Text>
      <Radio.Group
        label={t("off.waiting")}
        value={waiting}
        onChange={(chosen) => setWaiting(chosen)}
      >
        <Stack gap="sm" mt="sm">
          {CHOICES.map((choice) => (
            <Radio
              key={choice}
              value={choice}
              label={t(`off.${choice}`)}
              description={t(`off.${choice}Text`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button
          onClick={() => change.mutate(undefined, { onSuccess: onClose })}
          loading={change.isPending}
        >
          {t("off.action")}
        </Button>
      </Group>
    </Dialog>
  );
}
