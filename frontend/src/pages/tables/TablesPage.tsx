import "@/i18n/later/tables";

import { Anchor, Button, Skeleton, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconTable } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { type Table, useTables } from "@/api/tables";
import { Asked } from "@/ui/Asked";
import { EmptyState } from "@/ui/EmptyState";
import { Page } from "@/ui/Page";
import { Row, Rows } from "@/ui/Rows";

import { CreateTable } from "./CreateTable";
import classes from "./Tables.module.css";

const COLUMNS = "minmax(0, 1fr) minmax(0, 1.4fr) 120px";

/** The shop's own tables. */
export function TablesPage() {
  const { t } = useTranslation("tables");
  const query = useTables();
  const [creating, dialog] = useDisclosure();
  const create = (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={dialog.open}>
      {t("create.open")}
    </Button>
  );
  return (
    <Page title={t("title")} lead={t("lead")} actions={query.data?.length ? create : undefined}>
      <Asked query={query} outline={<Skeleton height={68} radius="lg" />}>
        {(tables) =>
          tables.length === 0 ? (
            <div className={classes.framed}>
              <EmptyState icon={IconTable} title={t("empty.title")} action={create}>
                {t("empty.text")}
              </EmptyState>
            </div>
          ) : (
            <Rows label={t("title")}>
              {tables.map((table) => (
                <TableLine key={table.id} table={table} />
              ))}
            </Rows>
          )
        }
      </Asked>
      {creating && <CreateTable onClose={dialog.close} />}
    </Page>
  );
}

function TableLine({ table }: { table: Table }) {
  const { t } = useTranslation("tables");
  return (
    <Row columns={COLUMNS}>
      <Anchor component={Link} to={`/tables/${table.id}`} fw={600} className={classes.name}>
        {table.name}
      </Anchor>
      <Text size="sm" c="dimmed" lineClamp={1}>
        {table.columns.map((column) => column.name).join(" · ")}
      </Text>
      <Text size="sm">{t("rows", { count: table.row_count })}</Text>
    </Row>
  );
}
