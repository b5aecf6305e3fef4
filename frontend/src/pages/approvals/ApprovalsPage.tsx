import "@/i18n/later/approvals";

import { Anchor, Group, SegmentedControl } from "@mantine/core";
import { IconChecklist } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { type ApprovalFilter, approvalsQuery } from "@/api/approvals";
import { usePollInterval } from "@/api/stream";
import { EmptyState } from "@/ui/EmptyState";
import { Listing } from "@/ui/Listing";
import { Page } from "@/ui/Page";

import { ApprovalCard } from "./ApprovalCard";
import classes from "./Approvals.module.css";

/** What waits for people: decisions and tasks in one list, mine first. */
export function ApprovalsPage() {
  const { t } = useTranslation("approvals");
  const [filter, setFilter] = useState<ApprovalFilter>({ state: "open", mine: true });
  const query = useInfiniteQuery({
    ...approvalsQuery(filter),
    refetchInterval: usePollInterval(),
  });
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Group gap="sm">
        <SegmentedControl
          aria-label={t("whose.label")}
          value={filter.mine ? "mine" : "all"}
          onChange={(value) => setFilter({ ...filter, mine: value === "mine" })}
          data={[
            { value: "mine", label: t("whose.mine") },
            { value: "all", label: t("whose.all") },
          ]}
        />
        <SegmentedControl
          aria-label={t("state.label")}
          value={filter.state}
          onChange={(value) => setFilter({ ...filter, state: value })}
          data={[
            { value: "open", label: t("state.open") },
            { value: "closed", label: t("state.closed") },
          ]}
        />
      </Group>
      <Listing query={query} empty={<Nothing filter={filter} />}>
        {(approvals) => (
          <ul className={classes.list} aria-label={t("title")}>
            {approvals.map((approval) => (
              <ApprovalCard key={approval.id} approval={approval} />
            ))}
          </ul>
        )}
      </Listing>
    </Page>
  );
}

function Nothing({ filter }: { filter: ApprovalFilter }) {
  const { t } = useTranslation("approvals");
  const closed = filter.state === "closed";
  return (
    <EmptyState
      icon={IconChecklist}
      title={t(closed ? "empty.closed" : "empty.open")}
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
