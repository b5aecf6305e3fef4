import { Button, Group, Stack, TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import type { WorkflowSummary } from "@/api/types";
import { labelsQuery, labelWorkflow, useWorkflowChange } from "@/api/workflows";
import { Dialog } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";

const MOST = 10;
const LONGEST = 30;

interface Props {
  workflow: WorkflowSummary;
  onClose: () => void;
}

/** Words to find a workflow by. */
export function LabelsDialog({ workflow, onClose }: Props) {
  const { t } = useTranslation("workflows");
  return (
    <Dialog opened onClose={onClose} title={t("labels.title", { name: workflow.name })}>
      <LabelsForm workflow={workflow} onClose={onClose} />
    </Dialog>
  );
}

function LabelsForm({ workflow, onClose }: Props) {
  const { t } = useTranslation(["workflows", "common"]);
  const { data: known = [] } = useQuery(labelsQuery);
  const [labels, setLabels] = useState(workflow.labels);
  const change = useWorkflowChange((wanted: string[]) => labelWorkflow(workflow.id, wanted));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change.mutate(labels, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TagsInput
          label={t("labels.field")}
          description={t("labels.text")}
          data={known}
          value={labels}
          maxTags={MOST}
          maxLength={LONGEST}
          acceptValueOnBlur
          data-autofocus
          onChange={setLabels}
        />
        {change.error && <ErrorNotice error={change.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {t("common:save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
