import "@/i18n/later/runs";

import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { workflowQuery, workflowsQuery } from "@/api/workflows";

const TYPING_PAUSE_MS = 250;

interface Props {
  /** The chosen workflow's id. */
  value: string | null;
  onChange: (id: string | null) => void;
}

/** One of the shop's workflows; the server searches, since there may be hundreds. */
export function WorkflowChoice({ value, onChange }: Props) {
  const { t } = useTranslation("runs");
  const [typed, setTyped] = useState("");
  const chosen = useQuery({ ...workflowQuery(value ?? ""), enabled: value !== null }).data;
  const [asked] = useDebouncedValue(typed === chosen?.name ? "" : typed, TYPING_PAUSE_MS);
  const { data } = useInfiniteQuery(workflowsQuery(asked));
  const found = data?.pages.flatMap((page) => page.items) ?? [];
  const offered = chosen && !found.some(({ id }) => id === chosen.id) ? [chosen, ...found] : found;
  return (
    <Select
      aria-label={t("filter.workflow")}
      placeholder={t("filter.workflow")}
      clearable
      searchable
      w={{ base: "100%", xs: 240 }}
      data={offered.map(({ id, name }) => ({ value: id, label: name }))}
      // The server has searched already.
      filter={({ options }) => options}
      searchValue={typed}
      onSearchChange={setTyped}
      value={value}
      onChange={onChange}
    />
  );
}
