import { Alert, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Workflow } from "@/api/types";
import { importWorkflow, useWorkflowChange } from "@/api/workflows";
import { Dialog } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { FileChoice } from "@/ui/FileChoice";
import { useNotify } from "@/ui/notify";

import { MOST_STEPS, readImport, type ReadingFault } from "./importing";

interface Props {
  onClose: () => void;
  /** A text that was dropped or pasted on the page, to be taken in at once. */
  given: string | null;
}

/** A workflow from a file or from a copied text. */
export function ImportDialog({ onClose, given }: Props) {
  const { t } = useTranslation("workflows");
  return (
    <Dialog opened onClose={onClose} title={t("import.title")} size="lg">
      <ImportForm onClose={onClose} given={given} />
    </Dialog>
  );
}

function ImportForm({ onClose, given }: Props) {
  const { t } = useTranslation(["workflows", "common"]);
  const [text, setText] = useState(given ?? "");
  const { take, fault, error, isPending } = useImport(onClose);
  useEffect(() => {
    if (given !== null) take(given);
    // Once for each text that was given; `take` is made anew with every render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [given]);
  const takeFile = (file: File) => {
    void file.text().then((content) => {
      setText(content);
      take(content);
    });
  };
  return (
    <Stack>
      <Text c="dimmed">{t("import.text")}</Text>
      <Group>
        <FileChoice accept=".json,application/json" loading={isPending} onChoose={takeFile}>
          {t("import.choose")}
        </FileChoice>
        <Text size="sm" c="dimmed">
          {t("import.drop")}
        </Text>
      </Group>
      <Textarea
        label={t("import.paste")}
        rows={6}
        readOnly={isPending || text.length > SHOWN}
        value={shortened(text)}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {fault && <Fault {...fault} />}
      {error && <ErrorNotice error={error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button loading={isPending} onClick={() => take(text)}>
          {t("import.action")}
        </Button>
      </Group>
    </Stack>
  );
}

const SHOWN = 20_000;

/** A long file is not worth the time that a browser needs to show it whole. */
const shortened = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

interface Refused {
  fault: ReadingFault;
  count?: number;
}

function Fault({ fault, count = 0 }: Refused) {
  const { t } = useTranslation("workflows");
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />}>
      {t(`import.${fault}`, { count, most: MOST_STEPS })}
    </Alert>
  );
}

function useImport(onDone: () => void) {
  const navigate = useNavigate();
  const tell = useTellImported();
  const [fault, setFault] = useState<Refused | null>(null);
  const change = useWorkflowChange(importWorkflow);
  const take = (text: string) => {
    const reading = readImport(text);
    setFault("fault" in reading ? reading : null);
    change.reset();
    if ("fault" in reading) return;
    change.mutate(reading.document, {
      onSuccess: (made) => {
        onDone();
        tell(made);
        void navigate({ to: "/workflows/$id", params: { id: made.id } });
      },
    });
  };
  return { take, fault, error: change.error, isPending: change.isPending };
}

/** Says that it worked, and how many steps this installation does not know. */
function useTellImported(): (made: Workflow) => void {
  const { t } = useTranslation("workflows");
  const notify = useNotify();
  return (made) => {
    const unknown = made.problem_list.filter(({ code }) => code === "unknown_node_type").length;
    if (unknown === 0) notify.done(t("import.done", { name: made.name }));
    else
      notify.refused(
        t("import.done", { name: made.name }),
        t("import.unknown", { count: unknown }),
      );
  };
}
