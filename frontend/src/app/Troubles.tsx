import "@/i18n/later/underway";

import { Alert, Anchor, CloseButton, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { troublesQuery } from "@/api/underway";

/** Says that a workflow fails often, with the way to its newest run, until somebody has seen it. */
export function Troubles() {
  const { t } = useTranslation("underway");
  const { data: troubles = [] } = useQuery(troublesQuery);
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const fresh = troubles.filter(({ newest_run_id: run }) => !seen.has(run));
  if (fresh.length === 0) return null;
  return (
    <Alert color="red" radius={0} role="alert" icon={<IconAlertTriangle aria-hidden />}>
      {fresh.map((trouble) => (
        <Group key={trouble.workflow_id} justify="space-between" wrap="nowrap" gap="sm">
          <Text size="sm">
            {t("trouble.words", { name: trouble.workflow_name, count: trouble.failed })}{" "}
            <Anchor component={Link} to={`/runs/${trouble.newest_run_id}`} inherit fw={600}>
              {t("trouble.look")}
            </Anchor>
          </Text>
          <CloseButton
            aria-label={t("trouble.seen")}
            onClick={() => setSeen(new Set(seen).add(trouble.newest_run_id))}
          />
        </Group>
      ))}
    </Alert>
  );
}
