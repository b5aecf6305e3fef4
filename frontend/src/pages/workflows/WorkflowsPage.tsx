import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconPlus, IconSearch, IconSitemap } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { workflowsQuery } from "@/api/workflows";
import { EmptyState } from "@/ui/EmptyState";
import { Listing } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { Rows } from "@/ui/Rows";

import { CreateDialog } from "./CreateDialog";
import { WorkflowRow } from "./WorkflowRow";

const SEARCH_PAUSE_MS = 250;

export function WorkflowsPage() {
  const { t } = useTranslation("workflows");
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search.trim(), SEARCH_PAUSE_MS);
  const query = useInfiniteQuery(workflowsQuery(asked));
  const [creating, { open, close }] = useDisclosure();
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={open}>
          {t("create.open")}
        </Button>
      }
    >
      <TextInput
        type="search"
        aria-label={t("search")}
        placeholder={t("search")}
        leftSection={<IconSearch size={16} aria-hidden />}
        maw={360}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Listing query={query} empty={asked ? <NothingFound /> : <NothingYet onCreate={open} />}>
        {(workflows) => (
          <Rows label={t("title")}>
            {workflows.map((workflow) => (
              <WorkflowRow key={workflow.id} workflow={workflow} />
            ))}
          </Rows>
        )}
      </Listing>
      <CreateDialog opened={creating} onClose={close} />
    </Page>
  );
}

function NothingFound() {
  const { t } = useTranslation("workflows");
  return (
    <EmptyState icon={IconSearch} title={t("notFound.title")}>
      {t("notFound.text")}
    </EmptyState>
  );
}

function NothingYet({ onCreate }: { onCreate: () => void }) {
  const { t } = useTranslation("workflows");
  return (
    <EmptyState
      icon={IconSitemap}
      title={t("empty.title")}
      action={
        <Button size="md" mt="xs" leftSection={<IconPlus size={18} />} onClick={onCreate}>
          {t("empty.action")}
        </Button>
      }
    >
      {t("empty.text")}
    </EmptyState>
  );
}
