import { Alert, Button, Group, Select, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import {
  importFile,
  type ImportResult,
  previewFile,
  type SheetFile,
  type SheetPreview,
  type Table,
  useTableChange,
} from "@/api/tables";
import { Dialog } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { FileChoice } from "@/ui/FileChoice";
import { useNotify } from "@/ui/notify";

import { matching } from "./columns";
import { readFile, SHEETS } from "./file";
import classes from "./Tables.module.css";

interface Props {
  table: Table;
  onClose: () => void;
}

let looks = 0;

/** A file into a table: looked at first, its columns assigned, and then all of it or nothing. */
export function ImportDialog({ table, onClose }: Props) {
  const { t } = useTranslation("tables");
  const look = useMutation({
    mutationFn: async (chosen: File) => {
      const file = await readFile(chosen);
      return { file, preview: await previewFile(file), looked: (looks += 1) };
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("import.title", { name: table.name })} size="xl">
      <Stack>
        <Group>
          <FileChoice accept={SHEETS} loading={look.isPending} onChoose={look.mutate}>
            {t("import.choose")}
          </FileChoice>
          <Text size="sm" c="dimmed">
            {look.data
              ? t("import.file", { name: look.data.file.name, count: look.data.preview.count })
              : t("import.help")}
          </Text>
        </Group>
        {look.error && <ErrorNotice error={look.error} />}
        {look.data && (
          <Assignment key={look.data.looked} {...look.data} table={table} onClose={onClose} />
        )}
      </Stack>
    </Dialog>
  );
}

interface AssignmentProps extends Props {
  /** Names this look at the file: the next one of the same name may hold something else. */
  looked: number;
  file: SheetFile;
  preview: SheetPreview;
}

function Assignment({ table, looked, file, preview, onClose }: AssignmentProps) {
  const { t } = useTranslation(["tables", "common"]);
  const notify = useNotify();
  const [columns, setColumns] = useState(() => matching(preview, table.columns));
  const assigned = columns.some((key) => key !== null);
  const check = useQuery({
    queryKey: ["import", table.id, looked, columns],
    queryFn: () => importFile({ id: table.id, ...file, columns, check: true }),
    enabled: assigned,
    retry: false,
  });
  const take = useTableChange(importFile, {
    onSuccess: ({ added, changed }) => notify.done(t("import.done", { count: added + changed })),
    moveOn: onClose,
  });
  const confirmed = () => take.mutate({ id: table.id, ...file, columns, check: false });
  const error = take.error ?? check.error;
  return (
    <>
      <AssignedColumns table={table} preview={preview} value={columns} onChange={setColumns} />
      {error && <ErrorNotice error={error} />}
      {check.data && <Verdict result={check.data} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button
          loading={take.isPending}
          disabled={!assigned || check.data?.fault_count !== 0}
          onClick={confirmed}
        >
          {t("import.action")}
        </Button>
      </Group>
    </>
  );
}

interface ColumnsProps {
  table: Table;
  preview: SheetPreview;
  value: (string | null)[];
  onChange: (value: (string | null)[]) => void;
}

/** The file's first lines, and above each column where it goes. */
function AssignedColumns({ table, preview, value, onChange }: ColumnsProps) {
  const { t } = useTranslation("tables");
  const choices = table.columns.map(({ key, name }) => ({ value: key, label: name }));
  return (
    <div className={classes.frame} role="region" aria-label={t("import.preview")}>
      <table className={classes.grid}>
        <thead>
          <tr>
            <th scope="col">{t("import.line")}</th>
            {preview.columns.map(({ title }, place) => (
              <th key={place} scope="col">
                <Select
                  size="xs"
                  miw={150}
                  label={title}
                  placeholder={t("import.leaveOut")}
                  clearable
                  data={choices}
                  value={value[place] ?? null}
                  onChange={(key) => onChange(value.with(place, key))}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.lines.map((line) => (
            <tr key={line.number}>
              <td>{line.number}</td>
              {line.cells.map((cell, place) => (
                <td key={place}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What the import would do, or why it cannot. */
function Verdict({ result }: { result: ImportResult }) {
  const { t } = useTranslation("tables");
  if (result.fault_count === 0) {
    return (
      <Alert color="teal" icon={<IconCheck aria-hidden />} role="status">
        {t("import.added", { count: result.added })}{" "}
        {result.changed > 0 && t("import.changed", { count: result.changed })}
      </Alert>
    );
  }
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title={t("import.faults", { count: result.fault_count })}
    >
      <ul className={classes.faults}>
        {result.faults.map((fault, index) => (
          <li key={index}>
            {fault.column
              ? t("import.inCell", { line: fault.line, column: fault.column })
              : t("import.inLine", { line: fault.line })}
            : {fault.message}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
