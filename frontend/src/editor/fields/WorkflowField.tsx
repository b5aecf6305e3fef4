import "@/i18n/later/editor";

import { Select } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { workflowsQuery } from "@/api/workflows";
import type { FieldProps } from "@/ui/schema-form/form";
import { frameOf } from "@/ui/schema-form/widgets/frame";
import { asText } from "@/ui/schema-form/widgets/TextField";

const CALLED = "trigger.called";

/** A workflow that this one can run: those that start by being called, and the chosen one. */
export function WorkflowField(props: FieldProps) {
  const { t } = useTranslation("editor");
  const { data } = useInfiniteQuery(workflowsQuery());
  const chosen = asText(props.value);
  const all = data?.pages.flatMap((page) => page.items) ?? [];
  const offered = all.filter(
    (workflow) => workflow.trigger_type === CALLED || workflow.id === chosen,
  );
  return (
    <Select
      {...frameOf(props)}
      searchable
      placeholder={t("workflow.choose")}
      nothingFoundMessage={t("workflow.none")}
      data={offered.map(({ id, name }) => ({ value: id, label: name }))}
      value={chosen === "" ? null : chosen}
      onChange={(id) => props.onChange(id ?? undefined)}
      onBlur={props.onBlur}
    />
  );
}
