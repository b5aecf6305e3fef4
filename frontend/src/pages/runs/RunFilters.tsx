import "@/i18n/later/runs";

import { Group, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { RUN_STATUSES } from "@/api/runs";
import type { RunStatus } from "@/api/types";

import type { Period } from "./period";
import { PeriodChoice } from "./PeriodChoice";
import { WorkflowChoice } from "./WorkflowChoice";

/** What the list of runs is narrowed to, as it stands in the address. */
export interface RunsSearch {
  workflow?: string;
  status?: RunStatus;
  search?: string;
  from?: string;
  to?: string;
}

interface Props {
  search: RunsSearch;
  onChange: (search: RunsSearch) => void;
}

const TYPING_PAUSE_MS = 300;
export function RunFilters({ search, onChange }: Props) {
  const { t } = useTranslation(["runs", "common"]);
  const { from, to } = search;
  const period = { ...(from ? { from } : {}), ...(to ? { to } : {}) };
  const setPeriod = (next: Period) => {
    const others = Object.entries(search).filter(([name]) => name !== "from" && name !== "to");
    onChange({ ...Object.fromEntries(others), ...next });
  };
  const set = (name: keyof RunsSearch, value: string | null) => {
    const others = Object.entries(search).filter(([other]) => other !== name);
    onChange(Object.fromEntries(value ? [...others, [name, value]] : others));
  };
  return (
    <Group gap="sm" align="flex-end">
      <TextSearch value={search.search ?? ""} onChange={(text) => set("search", text)} />
      <WorkflowChoice value={search.workflow ?? null} onChange={(id) => set("workflow", id)} />
      <Select
        aria-label={t("filter.status")}
        placeholder={t("filter.status")}
        clearable
        w={{ base: "100%", xs: 180 }}
        data={RUN_STATUSES.map((status) => ({
          value: status,
          label: t(`common:status.${status}`),
        }))}
        value={search.status ?? null}
        onChange={(status) => set("status", status)}
      />
      <PeriodChoice period={period} onChange={setPeriod} />
    </Group>
  );
}

function TextSearch({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation("runs");
  // Only while somebody types: the address may be changed by another way, such as "show all runs".
  const [typed, setTyped] = useState<string | null>(null);
  const ask = useDebouncedCallback(onChange, TYPING_PAUSE_MS);
  return (
    <TextInput
      type="search"
      aria-label={t("filter.search")}
      placeholder={t("filter.search")}
      leftSection={<IconSearch size={16} aria-hidden />}
      w={{ base: "100%", xs: 320 }}
      value={typed ?? value}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        ask(event.currentTarget.value.trim());
      }}
      onBlur={() => {
        ask.flush();
        setTyped(null);
      }}
    />
  );
}
