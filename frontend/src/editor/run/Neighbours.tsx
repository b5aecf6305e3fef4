import { ActionIcon, Group, Tooltip } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import type { Run } from "@/api/types";

/** To the run of the same workflow before and after this one, also by the keys ← and →. */
export function Neighbours({ run }: { run: Run }) {
  const { t } = useTranslation("run");
  useArrowKeys(run);
  return (
    <Group gap={2} wrap="nowrap" role="group" aria-label={t("neighbours")}>
      <Step to={run.older_id} words={t("older")}>
        <IconChevronLeft size={18} aria-hidden />
      </Step>
      <Step to={run.newer_id} words={t("newer")}>
        <IconChevronRight size={18} aria-hidden />
      </Step>
    </Group>
  );
}

interface StepProps {
  to: string | null;
  words: string;
  children: React.ReactNode;
}

function Step({ to, words, children }: StepProps) {
  if (to === null) {
    return (
      <ActionIcon variant="subtle" color="gray" size="lg" disabled aria-label={words}>
        {children}
      </ActionIcon>
    );
  }
  return (
    <Tooltip label={words}>
      <ActionIcon
        component={Link}
        to={`/runs/${to}`}
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={words}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** Inside the canvas, fields and dialogs the arrows mean something else. */
const OTHERS =
  ".react-flow, input, textarea, select, [role='dialog'], [role='menu'], [role='tablist']";

function useArrowKeys({ older_id: older, newer_id: newer }: Run): void {
  const navigate = useNavigate();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const to = { ArrowLeft: older, ArrowRight: newer }[event.key];
      const isOurs = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (!to || !isOurs || (event.target instanceof Element && event.target.closest(OTHERS)))
        return;
      event.preventDefault();
      void navigate({ to: `/runs/${to}` });
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [navigate, older, newer]);
}
