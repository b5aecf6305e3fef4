import "@/i18n/later/underway";

import { Alert, Anchor, CloseButton, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { troublesQuery } from "@/api/underway";

/** As many at once as leave a phone room for the page itself. */
const SHOWN = 2;
/** What was closed comes back when it has become this many times worse. */
const AGAIN = 2;

/** Says that a workflow fails often, with the way to its newest run, until somebody has seen it. */
export function Troubles() {
  const { t } = useTranslation("underway");
  const { data: troubles = [] } = useQuery(troublesQuery);
  const [seen, setSeen] = useState<ReadonlyMap<string, number>>(new Map());
  const [all, setAll] = useState(false);
  const fresh = troubles
    .filter(({ workflow_id: id, failed }) => failed >= AGAIN * (seen.get(id) ?? 0))
    .sort((one, other) => other.failed - one.failed);
  if (fresh.length === 0) return null;
  const hidden = all ? 0 : Math.max(0, fresh.length - SHOWN);
  return (
    <Alert color="red" radius={0} role="alert" icon={<IconAlertTriangle aria-hidden />}>
      {fresh.slice(0, fresh.length - hidden).map((trouble) => (
        <Group key={trouble.workflow_id} justify="space-between" wrap="nowrap" gap="sm">
          <Text size="sm">
            {t("trouble.words", { name: trouble.workflow_name, count: trouble.failed })}{" "}
            <Anchor component={Link} to={`/runs/${trouble.newest_run_id}`} inherit fw={600}>
              {t("trouble.look")}
            </Anchor>
          </Text>
          <CloseButton
            aria-label={t("trouble.seen")}
            onClick={() => setSeen(new Map(seen).set(trouble.workflow_id, trouble.failed))}
          />
        </Group>
      ))}
      {hidden > 0 && (
        <Anchor component="button" type="button" size="sm" onClick={() => setAll(true)}>
          {t("trouble.more", { count: hidden })}
        </Anchor>
      )}
    </Alert>
  );
}
