import { Anchor, Button, Group, Menu, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconChevronDown,
  IconColumns3,
  IconDownload,
  IconTrash,
  IconUpload,
} from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { deleteTable, exportAddress, type TableDetail, useTableChange } from "@/api/tables";
import { Dialog } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useNotify } from "@/ui/notify";

import { ImportDialog } from "./ImportDialog";
import { ShapeDialog } from "./ShapeDialog";

/** Files in and out, the table's columns, and its end. */
export function TableActions({ table }: { table: TableDetail }) {
  const { t } = useTranslation("tables");
  const [importing, imports] = useDisclosure();
  const [shaping, shape] = useDisclosure();
  const [deleting, removal] = useDisclosure();
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconUpload size={18} aria-hidden />}
        onClick={imports.open}
      >
        {t("import.open")}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
            {t("more")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(["csv", "xlsx"] as const).map((kind) => (
            <Menu.Item
              key={kind}
              component="a"
              href={exportAddress(table.id, kind)}
              download
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              {t(`export.${kind}`)}
            </Menu.Item>
          ))}
          <Menu.Item leftSection={<IconColumns3 size={16} aria-hidden />} onClick={shape.open}>
            {t("shape.open")}
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={removal.open}
          >
            {t("delete.action")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {importing && <ImportDialog table={table} onClose={imports.close} />}
      {shaping && <ShapeDialog table={table} onClose={shape.close} />}
      {deleting && <DeleteTable table={table} onClose={removal.close} />}
    </>
  );
}

interface DeleteProps {
  table: TableDetail;
  onClose: () => void;
}

/** Asks first, and says which workflows use the table; the server refuses while one is on. */
function DeleteTable({ table, onClose }: DeleteProps) {
  const { t } = useTranslation(["tables", "common"]);
  const navigate = useNavigate();
  const notify = useNotify();
  const remove = useTableChange(async (id: string) => {
    await deleteTable(id);
    notify.done(t("delete.done", { name: table.name }));
    await navigate({ to: "/tables" });
  });
  const isLive = table.used_by.some((user) => user.is_live);
  return (
    <Dialog opened onClose={onClose} title={t("delete.question", { name: table.name })}>
      <Stack>
        {remove.error && <ErrorNotice error={remove.error} />}
        <Text>{t("delete.consequence", { count: table.row_count })}</Text>
        {table.used_by.length > 0 && (
          <div>
            <Text fw={600}>{t("delete.usedBy")}</Text>
            <ul>
              {table.used_by.map((user) => (
                <li key={user.id}>
                  <Anchor component={Link} to={`/workflows/${user.id}`}>
                    {user.name}
                  </Anchor>
                  {user.is_live && ` (${t("delete.isLive")})`}
                </li>
              ))}
            </ul>
            {isLive && <Text c="red">{t("delete.switchOff")}</Text>}
          </div>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("common:cancel")}
          </Button>
          <Button
            color="red"
            disabled={isLive}
            loading={remove.isPending}
            onClick={() => remove.mutate(table.id)}
          >
            {t("delete.action")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
