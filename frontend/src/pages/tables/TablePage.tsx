import "@/i18n/later/tables";

import { Anchor, Box, Button, Group, Skeleton, TextInput } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconArrowLeft, IconPlus, IconSearch, IconTable } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { rowsQuery, type TableDetail, tableQuery, type TableRow } from "@/api/tables";
import { EmptyState } from "@/ui/EmptyState";
import { Listing } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { PageTrouble } from "@/ui/PageTrouble";

import { RowDialog } from "./RowDialog";
import { RowsGrid } from "./RowsGrid";
import { TableActions } from "./TableActions";

const route = getRouteApi("/signed-in/shell/tables/$id");
const TYPING_MS = 250;

/** One table: its rows, and what can be done with it. */
export function TablePage() {
  const { t } = useTranslation("tables");
  const { id } = route.useParams();
  const { data: table, error, refetch } = useQuery(tableQuery(id));
  if (error && !table) {
    const list = { to: "/tables", words: t("all") };
    return <PageTrouble error={error} retry={() => void refetch()} list={list} />;
  }
  if (!table) {
    return (
      <Box p="xl">
        <Skeleton height={240} radius="lg" />
      </Box>
    );
  }
  return (
    <Page
      title={table.name}
      lead={
        <Anchor component={Link} to="/tables" size="sm">
          <Group gap={4} component="span">
            <IconArrowLeft size={16} aria-hidden /> {t("all")}
          </Group>
        </Anchor>
      }
      actions={<TableActions table={table} />}
    >
      <TableRows table={table} />
    </Page>
  );
}

function TableRows({ table }: { table: TableDetail }) {
  const { t } = useTranslation("tables");
  const [search, setSearch] = useState("");
  const [sort, setSort] = useState("");
  const [open, setOpen] = useState<TableRow | null>(null);
  const [adding, add] = useDisclosure();
  const [wanted] = useDebouncedValue(search.trim(), TYPING_MS);
  const query = useInfiniteQuery(rowsQuery(table.id, wanted, sort));
  return (
    <>
      <Group justify="space-between">
        <TextInput
          type="search"
          aria-label={t("search")}
          placeholder={t("search")}
          leftSection={<IconSearch size={16} aria-hidden />}
          w={{ base: "100%", xs: 280 }}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={add.open}>
          {t("row.add")}
        </Button>
      </Group>
      <Listing query={query} empty={<NoRows searched={wanted !== ""} />}>
        {(rows) => (
          <RowsGrid table={table} rows={rows} sort={sort} onSort={setSort} onOpen={setOpen} />
        )}
      </Listing>
      {open && <RowDialog table={table} row={open} onClose={() => setOpen(null)} />}
      {adding && <RowDialog table={table} row={null} onClose={add.close} />}
    </>
  );
}

function NoRows({ searched }: { searched: boolean }) {
  const { t } = useTranslation("tables");
  return searched ? (
    <EmptyState icon={IconSearch} title={t("notFound.title")}>
      {t("notFound.text")}
    </EmptyState>
  ) : (
    <EmptyState icon={IconTable} title={t("noRows.title")}>
      {t("noRows.text")}
    </EmptyState>
  );
}
