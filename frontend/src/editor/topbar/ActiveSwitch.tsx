import { Button, Switch } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

import type { Workflow } from "@/api/types";
import { orLater } from "@/ui/orLater";

import type { Autosaver } from "../saving/Autosaver";
import { useEditor } from "../store/EditorContext";

const ActivateDialog = lazy(async () => ({
  default: (await orLater(() => import("./ActivateDialog"))).ActivateDialog,
}));
const SwitchOffDialog = lazy(async () => ({
  default: (await orLater(() => import("@/pages/workflows/StateSwitch"))).SwitchOffDialog,
}));

interface Props {
  workflow: Workflow;
  saver: Autosaver;
}

/** On and off, and the way of later changes to those who start from now on. */
export function ActiveSwitch({ workflow, saver }: Props) {
  const { t } = useTranslation("editor");
  const readOnly = useEditor((state) => state.readOnly);
  const [activating, activation] = useDisclosure();
  const [stopping, stop] = useDisclosure();
  const isActive = workflow.state === "active";
  return (
    <>
      {isActive && workflow.has_changes && !readOnly && (
        <Button onClick={activation.open}>{t("active.publish")}</Button>
      )}
      <Switch
        size="md"
        checked={isActive}
        disabled={readOnly}
        label={t("active.label")}
        labelPosition="left"
        onChange={isActive ? stop.open : activation.open}
      />
      <Suspense fallback={null}>
        {activating && (
          <ActivateDialog workflow={workflow} saver={saver} onClose={activation.close} />
        )}
        {stopping && <SwitchOffDialog workflow={workflow} opened onClose={stop.close} />}
      </Suspense>
    </>
  );
}
