import "@/i18n/later/workflows";

import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconPlus, IconSearch, IconUpload } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import { checklistQuery, demoShopQuery } from "@/api/start";
import type { WorkflowSummary } from "@/api/types";
import { workflowsQuery } from "@/api/workflows";
import { EmptyState } from "@/ui/EmptyState";
import { Listing, ListingOutline } from "@/ui/Listing";
import { orLater } from "@/ui/orLater";
import { Page } from "@/ui/Page";
import { Rows } from "@/ui/Rows";
import { useKnownOnce } from "@/ui/useKnownOnce";

import { CreateDialog } from "./CreateDialog";
import { LabelFilter } from "./LabelFilter";
import { PauseEverything } from "./PauseEverything";
import { useGivenText } from "./useGivenText";
import { WorkflowRow } from "./WorkflowRow";
import classes from "./WorkflowsPage.module.css";

const SEARCH_PAUSE_MS = 250;

// The list comes first; what only some people need is fetched when they do.
const StartPanel = lazy(async () => ({
  default: (await orLater(() => import("@/pages/start/StartPanel"))).StartPanel,
}));
const FirstSteps = lazy(async () => ({
  default: (await orLater(() => import("@/pages/start/FirstSteps"))).FirstSteps,
}));
const ImportDialog = lazy(async () => ({
  default: (await orLater(() => import("./ImportDialog"))).ImportDialog,
}));

export function WorkflowsPage() {
  const { t } = useTranslation("workflows");
  const [search, setSearch] = useState("");
  const [label, setLabel] = useState<string | null>(null);
  const [asked] = useDebouncedValue(search.trim(), SEARCH_PAUSE_MS);
  const query = useInfiniteQuery(workflowsQuery(asked, label));
  const [creating, create] = useDisclosure();
  const [steps, shop] = [useQuery(checklistQuery), useQuery(demoShopQuery)];
  const isKnown = useKnownOnce(query, steps, shop);
  const workflows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const isFirst = query.isSuccess && workflows.length === 0 && asked === "" && label === null;
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={<Actions workflows={workflows} onCreate={create.open} />}
    >
      {!isKnown && <ListingOutline />}
      {isKnown && isFirst && (
        <Suspense fallback={<ListingOutline />}>
          <StartPanel onCreate={create.open} />
        </Suspense>
      )}
      {isKnown && !isFirst && (
        <Suspense fallback={<ListingOutline />}>
          <FirstSteps newest={workflows[0]?.id} />
          <Group gap="md">
            <TextInput
              type="search"
              aria-label={t("search")}
              placeholder={t("search")}
              leftSection={<IconSearch size={16} aria-hidden />}
              w={360}
              maw="100%"
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
            <LabelFilter value={label} onChange={setLabel} />
          </Group>
          <Listing query={query} empty={<NothingFound />}>
            {(listed) => (
              <Rows label={t("title")}>
                {listed.map((workflow) => (
                  <WorkflowRow key={workflow.id} workflow={workflow} />
                ))}
              </Rows>
            )}
          </Listing>
        </Suspense>
      )}
      <CreateDialog opened={creating} onClose={create.close} />
    </Page>
  );
}

interface ActionsProps {
  workflows: readonly WorkflowSummary[];
  onCreate: () => void;
}

function Actions({ workflows, onCreate }: ActionsProps) {
  const { t } = useTranslation("workflows");
  const [opened, { open, close }] = useDisclosure();
  const given = useGivenText();
  const done = () => {
    close();
    given.forget();
  };
  return (
    <>
      {workflows.some(({ state }) => state === "active") && <PauseEverything />}
      <Button variant="default" leftSection={<IconUpload size={18} aria-hidden />} onClick={open}>
        {t("import.open")}
      </Button>
      <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={onCreate}>
        {t("create.open")}
      </Button>
      {(opened || given.text !== null) && (
        <Suspense>
          <ImportDialog onClose={done} given={given.text} />
        </Suspense>
      )}
      {given.hovers && <DropHint />}
    </>
  );
}

function DropHint() {
  const { t } = useTranslation("workflows");
  return (
    <Stack className={classes.drop} align="center" justify="center" gap="xs">
      <IconUpload size={40} aria-hidden />
      <Text fw={600}>{t("import.dropHere")}</Text>
    </Stack>
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
