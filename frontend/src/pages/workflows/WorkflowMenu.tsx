import { ActionIcon, Menu } from "@mantine/core";
import {
  IconActivity,
  IconClock,
  IconCopy,
  IconDotsVertical,
  IconDownload,
  IconTag,
  IconTrash,
} from "@tabler/icons-react";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

import type { WorkflowSummary } from "@/api/types";
import {
  createWorkflow,
  deleteWorkflow,
  exportWorkflow,
  undeleteWorkflow,
  useWorkflowChange,
} from "@/api/workflows";
import { useNotify } from "@/ui/notify";
import { orLater } from "@/ui/orLater";

import { saveFile } from "./saveFile";

const LabelsDialog = lazy(async () => ({
  default: (await orLater(() => import("./LabelsDialog"))).LabelsDialog,
}));

/** What else can be done with a workflow. */
export function WorkflowMenu({ workflow }: { workflow: WorkflowSummary }) {
  const { t } = useTranslation("workflows");
  const duplicate = useDuplicate(workflow);
  const remove = useDelete(workflow);
  const save = useExport(workflow);
  const [labelling, labels] = useDisclosure();
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={t("menu.open", { name: workflow.name })}
          >
            <IconDotsVertical size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            component={Link}
            to={`/runs?workflow=${workflow.id}`}
            leftSection={<IconActivity size={16} />}
          >
            {t("menu.runs")}
          </Menu.Item>
          <Menu.Item
            component={Link}
            to={`/workflows/${workflow.id}/waiting`}
            leftSection={<IconClock size={16} />}
          >
            {t("underway")}
          </Menu.Item>
          <Menu.Item leftSection={<IconCopy size={16} />} onClick={duplicate}>
            {t("menu.duplicate")}
          </Menu.Item>
          <Menu.Item leftSection={<IconTag size={16} />} onClick={labels.open}>
            {t("menu.labels")}
          </Menu.Item>
          <Menu.Item leftSection={<IconDownload size={16} />} onClick={save}>
            {t("menu.export")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="var(--cw-bad)" leftSection={<IconTrash size={16} />} onClick={remove}>
            {t("menu.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {labelling && (
        <Suspense>
          <LabelsDialog workflow={workflow} onClose={labels.close} />
        </Suspense>
      )}
    </>
  );
}

function useDuplicate(workflow: WorkflowSummary): () => void {
  const { t } = useTranslation("workflows");
  const notify = useNotify();
  const { mutate } = useWorkflowChange(createWorkflow, {
    onSuccess: (copy) => notify.done(t("duplicated", { name: copy.name })),
    onError: notify.failed,
  });
  return () => mutate({ from: workflow.id, name: t("copyOf", { name: workflow.name }) });
}

function useExport(workflow: WorkflowSummary): () => void {
  const notify = useNotify();
  return () => void exportWorkflow(workflow.id).then(saveFile, notify.failed);
}

/** Deletes at once and offers the way back: that is quicker than a question, and safer. */
function useDelete(workflow: WorkflowSummary): () => void {
  const { t } = useTranslation(["workflows", "common"]);
  const notify = useNotify();
  const back = useWorkflowChange(undeleteWorkflow, { onError: notify.failed });
  const { mutate } = useWorkflowChange(deleteWorkflow, {
    onSuccess: () =>
      notify.done(t("deleted", { name: workflow.name }), {
        words: t("common:undo"),
        act: () => back.mutate(workflow.id),
      }),
    onError: notify.failed,
  });
  return () => mutate(workflow.id);
}
