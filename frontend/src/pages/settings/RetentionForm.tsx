import { Select, SimpleGrid, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import type { Workspace } from "@/api/types";
import { ErrorNotice } from "@/ui/ErrorNotice";

import { useWorkspaceChange } from "./useWorkspaceChange";

type Kept = "keep_runs_days" | "keep_events_days" | "keep_outbox_days";

const FOR_EVER = 0;
const DAYS = [7, 30, 90, 180, 365, 730, FOR_EVER];
/** Shops may deliver an event again after weeks; it is known again by what is kept. */
const SHORTEST_EVENT_DAYS = 30;

/** How long what is over is kept. A choice is saved at once. */
export function RetentionForm() {
  const { t } = useTranslation("settings");
  const { workspace } = useSession();
  const save = useWorkspaceChange(t("keeping.saved"));
  const choose = (name: Kept) => (days: number) => save.mutate({ [name]: days });
  return (
    <Stack maw={720}>
      {save.error && <ErrorNotice error={save.error} />}
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <KeptFor name="keep_runs_days" workspace={workspace} onChoose={choose("keep_runs_days")} />
        <KeptFor
          name="keep_events_days"
          shortest={SHORTEST_EVENT_DAYS}
          workspace={workspace}
          onChoose={choose("keep_events_days")}
        />
        <KeptFor
          name="keep_outbox_days"
          workspace={workspace}
          onChoose={choose("keep_outbox_days")}
        />
      </SimpleGrid>
    </Stack>
  );
}

interface KeptForProps {
  name: Kept;
  shortest?: number;
  workspace: Workspace;
  onChoose: (days: number) => void;
}

function KeptFor({ name, shortest = 0, workspace, onChoose }: KeptForProps) {
  const { t } = useTranslation("settings");
  const chosen = workspace[name];
  const offered = DAYS.filter((days) => days === FOR_EVER || days >= shortest);
  const all = offered.includes(chosen) ? offered : [chosen, ...offered];
  return (
    <Select
      label={t(`keeping.${name}`)}
      data={all.map((days) => ({
        value: String(days),
        label: days === FOR_EVER ? t("keeping.forEver") : t("keeping.days", { count: days }),
      }))}
      value={String(chosen)}
      onChange={(value) => value !== null && onChoose(Number(value))}
      allowDeselect={false}
    />
  );
}
