import "@/i18n/later/runs";

import { Anchor, Button } from "@mantine/core";
import { IconActivity, IconFilterOff } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { type RunFilter, runsQuery } from "@/api/runs";
import { useSession } from "@/api/session";
import { usePollInterval } from "@/api/stream";
import { Chosen } from "@/pages/underway/Chosen";
import { useChosen } from "@/pages/underway/useChosen";
import { EmptyState } from "@/ui/EmptyState";
import { Listing } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { Rows } from "@/ui/Rows";

import { momentsOf } from "./period";
import { RetryAll } from "./RetryAll";
import { RunFilters, type RunsSearch } from "./RunFilters";
import { RunRow } from "./RunRow";
import { Unanswered } from "./Unanswered";

const route = getRouteApi("/signed-in/shell/runs");

export function RunsPage() {
  const { t } = useTranslation("runs");
  const search = route.useSearch();
  const navigate = useNavigate();
  const filter = useRunFilter(search);
  const query = useInfiniteQuery({
    ...runsQuery({ ...filter, ...(search.status ? { status: search.status } : {}) }),
    refetchInterval: usePollInterval(),
  });
  const chosen = useChosen();
  const narrowed = Object.keys(search).length > 0;
  const narrow = (next: RunsSearch) => void navigate({ to: "/runs", search: next, replace: true });
  return (
    <Page title={t("title")} lead={t("lead")} actions={<RetryAll filter={filter} />}>
      <Chosen ids={chosen.ids} kind="run_ids" onClear={chosen.clear} />
      <RunFilters search={search} onChange={narrow} />
      <Listing query={query} empty={narrowed ? <NothingFound /> : <NothingYet />}>
        {(runs) => (
          <Rows label={t("title")}>
            {runs.map((run) => (
              <RunRow
                key={run.id}
                run={run}
                isChosen={chosen.ids.has(run.id)}
                onChoose={() => chosen.toggle(run.id)}
              />
            ))}
          </Rows>
        )}
      </Listing>
      {search.search && <Unanswered search={search.search} isShown={!query.isPending} />}
    </Page>
  );
}

/** What the address asks for, in the server's words; the state is asked for apart. */
function useRunFilter({ workflow, search, from, to }: RunsSearch): RunFilter {
  const zone = useSession().workspace.timezone;
  return {
    ...(workflow ? { workflow_id: workflow } : {}),
    ...(search ? { search } : {}),
    ...momentsOf({ ...(from ? { from } : {}), ...(to ? { to } : {}) }, zone),
  };
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
