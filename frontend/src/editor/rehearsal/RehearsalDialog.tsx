import "@/i18n/later/rehearsal";

import { Stack } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import type { Workflow } from "@/api/types";
import { Dialog } from "@/ui/Dialog";

import type { Autosaver } from "../saving/Autosaver";
import { useEditor, useEditorStore } from "../store/EditorContext";
import { Answer } from "./Answer";
import { Hindrances } from "./Hindrances";
import { type Rehearser, rehearserOf } from "./rehearser";
import classes from "./Rehearsal.module.css";
import { Start } from "./Start";

interface Props {
  workflow: Workflow;
  saver: Autosaver;
}

/** What the draft would have made of what really happened, beside what is live. */
export function RehearsalDialog({ workflow, saver }: Props) {
  const { t } = useTranslation("rehearsal");
  const store = useEditorStore();
  const rehearser = rehearserOf(store, saver, workflow.id);
  const narrow = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  useEffect(() => () => rehearser.stop(), [rehearser]);
  return (
    <Dialog
      opened
      onClose={() => store.setState({ overlay: null })}
      title={t("title")}
      size="min(1240px, 94vw)"
      fullScreen={narrow}
    >
      <Rehearsed workflow={workflow} rehearser={rehearser} narrow={narrow} />
    </Dialog>
  );
}

interface RehearsedProps {
  workflow: Workflow;
  rehearser: Rehearser;
  narrow: boolean;
}

function Rehearsed({ workflow, rehearser, narrow }: RehearsedProps) {
  const { t } = useTranslation("rehearsal");
  const live = workflow.state === "active" ? workflow.active_version : null;
  const hasErrors = useEditor(({ problems }) =>
    problems.some(({ severity }) => severity === "error"),
  );
  return (
    <Stack gap="md" className={classes.all}>
      <p className={classes.lead}>
        {live === null ? t("leadAlone") : t("lead", { number: live })} {t("safe")}
      </p>
      {hasErrors ? <Hindrances /> : <Start rehearser={rehearser} />}
      <Answer workflow={workflow} rehearser={rehearser} live={live} narrow={narrow} />
    </Stack>
  );
}
