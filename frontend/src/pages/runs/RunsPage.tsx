import { Anchor, Button } from "@mantine/core";
import { IconActivity, IconFilterOff } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { runsQuery } from "@/api/runs";
import { usePollInterval } from "@/api/stream";
import { EmptyState } from "@/ui/EmptyState";
import { Listing } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { Rows } from "@/ui/Rows";

import { RunFilters, type RunsSearch } from "./RunFilters";
import { RunRow } from "./RunRow";

const route = getRouteApi("/signed-in/shell/runs");

export function RunsPage() {
  const { t } = useTranslation("runs");
  const search = route.useSearch();
  const navigate = useNavigate();
  const query = useInfiniteQuery({
    ...runsQuery({
      ...(search.workflow ? { workflow_id: search.workflow } : {}),
      ...(search.status ? { status: search.status } : {}),
      ...(search.search ? { search: search.search } : {}),
    }),
    refetchInterval: usePollInterval(),
  });
  const narrowed = Object.keys(search).length > 0;
  const filter = (next: RunsSearch) => void navigate({ to: "/runs", search: next, replace: true });
  return (
    <Page title={t("title")} lead={t("lead")}>
      <RunFilters search={search} onChange={filter} />
      <Listing query={query} empty={narrowed ? <NothingFound /> : <NothingYet />}>
        {(runs) => (
          <Rows label={t("title")}>
            {runs.map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </Rows>
        )}
      </Listing>
    </Page>
  );
}

function NothingFound() {
  const { t } = useTranslation("runs");
  return (
    <EmptyState
      icon={IconFilterOff}
      title={t("notFound.title")}
      action={
        <Button component={Link} to="/runs" variant="default">
          {t("notFound.action")}
        </Button>
      }
    >
      {t("notFound.text")}
    </EmptyState>
  );
}

function NothingYet() {
  const { t } = useTranslation("runs");
  return (
    <EmptyState
      icon={IconActivity}
      title={t("empty.title")}
      action={
        <Anchor component={Link} to="/workflows" fw={600}>
          {t("empty.action")}
        </Anchor>
      }
    >
      {t("empty.text")}
    </EmptyState>
  );
}
