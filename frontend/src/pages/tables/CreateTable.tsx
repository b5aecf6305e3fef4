import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import {
  createTable,
  importFile,
  type NewTable,
  previewFile,
  type SheetFile,
  type SheetPreview,
  useTableChange,
} from "@/api/tables";
import { Dialog } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { FileChoice } from "@/ui/FileChoice";
import { useNotify } from "@/ui/notify";

import { areComplete, columnsFor, draftOf, givenOf, keyNameOf, type Shape } from "./columns";
import { ShapeFields } from "./ColumnsEditor";
import { nameFrom, readFile, SHEETS } from "./file";

/** A new table, drawn by hand or after a file. */
export function CreateTable({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("tables");
  return (
    <Dialog opened onClose={onClose} title={t("create.title")} size="lg">
      <CreateForm onClose={onClose} />
    </Dialog>
  );
}

function CreateForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["tables", "common"]);
  const [name, setName] = useState("");
  const [shape, setShape] = useState<Shape>(() => ({ columns: [draftOf({})], key: null }));
  const create = useCreate(onClose);
  const look = useLook(({ read, preview }) => {
    setShape({ columns: columnsFor(preview), key: null });
    setName((before) => before || nameFrom(read.name));
  });
  const file = look.data?.read ?? null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const table = { name: name.trim(), columns: givenOf(shape.columns), key: keyNameOf(shape) };
    create.mutate({ table, file });
  };
  const error = create.error ?? look.error;
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        {error && <ErrorNotice error={error} />}
        <TextInput
          label={t("name")}
          placeholder={t("create.namePlaceholder")}
          required
          maxLength={100}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <FromFile
          pending={look.isPending}
          onChoose={look.mutate}
          words={
            look.data
              ? t("create.fromFile", { name: look.data.read.name, count: look.data.preview.count })
              : t("create.fileHelp")
          }
        />
        <ShapeFields shape={shape} onChange={setShape} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button
            type="submit"
            loading={create.isPending}
            disabled={look.isPending || name.trim() === "" || !areComplete(shape.columns)}
          >
            {t("create.action")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface Looked {
  read: SheetFile;
  preview: SheetPreview;
}

/** Reads a file and asks the server what it holds. */
function useLook(onSuccess: (looked: Looked) => void) {
  return useMutation({
    mutationFn: async (chosen: File): Promise<Looked> => {
      const read = await readFile(chosen);
      return { read, preview: await previewFile(read) };
    },
    onSuccess,
  });
}

interface FromFileProps {
  pending: boolean;
  onChoose: (file: File) => void;
  words: string;
}

function FromFile({ pending, onChoose, words }: FromFileProps) {
  const { t } = useTranslation("tables");
  return (
    <Group>
      <FileChoice accept={SHEETS} loading={pending} onChoose={onChoose}>
        {t("create.file")}
      </FileChoice>
      <Text size="sm" c="dimmed">
        {words}
      </Text>
    </Group>
  );
}

interface Wanted {
  table: NewTable;
  file: SheetFile | null;
}

/** Makes the table and takes the file's lines in; where those do not fit, the table stays empty
 * and its import says why. */
function useCreate(onClose: () => void) {
  const { t } = useTranslation("tables");
  const navigate = useNavigate();
  const notify = useNotify();
  return useTableChange(async ({ table, file }: Wanted) => {
    const made = await createTable(table);
    onClose();
    await navigate({ to: "/tables/$id", params: { id: made.id } });
    if (!file) return;
    try {
      const columns = made.columns.map((column) => column.key);
      const { added } = await importFile({ id: made.id, ...file, columns, check: false });
      notify.done(t("import.done", { count: added }));
    } catch (reason) {
      notify.failed(reason);
    }
  });
}
