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

interface Line {
  key: string;
  /** How bad it is, to be compared with how bad it was when it was closed. */
  weight: number;
  words: string;
  to: string;
  link: string;
}

/** Says what fails often or is refused, with the way to it, until somebody has seen it. */
export function Troubles() {
  const { t } = useTranslation("underway");
  const lines = useLines();
  const [seen, setSeen] = useState<ReadonlyMap<string, number>>(new Map());
  const [all, setAll] = useState(false);
  const fresh = lines.filter(({ key, weight }) => weight >= AGAIN * (seen.get(key) ?? 0));
  if (fresh.length === 0) return null;
  const hidden = all ? 0 : Math.max(0, fresh.length - SHOWN);
  return (
    <Alert color="red" radius={0} role="alert" icon={<IconAlertTriangle aria-hidden />}>
      {fresh.slice(0, fresh.length - hidden).map(({ key, weight, words, to, link }) => (
        <Group key={key} justify="space-between" wrap="nowrap" gap="sm">
          <Text size="sm">
            {words}{" "}
            <Anchor component={Link} to={to} inherit fw={600}>
              {link}
            </Anchor>
          </Text>
          <CloseButton
            aria-label={t("trouble.seen")}
            onClick={() => setSeen(new Map(seen).set(key, weight))}
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

/** Refused connections, behind which others wait, then workflows, the worst first. */
function useLines(): Line[] {
  const { t } = useTranslation("underway");
  const { data } = useQuery(troublesQuery);
  const refused = (data?.connections ?? []).map(
    ({ connection_id: id, connection_name: name }): Line => ({
      key: `connection ${id}`,
      weight: 1,
      words: t("trouble.refused", { name }),
      to: "/connections",
      link: t("trouble.connect"),
    }),
  );
  const failing = (data?.items ?? [])
    .toSorted((one, other) => other.failed - one.failed)
    .map(({ workflow_id: id, workflow_name: name, failed: count, newest_run_id: run }): Line => ({
      key: id,
      weight: count,
      words: t("trouble.words", { name, count }),
      to: `/runs/${run}`,
      link: t("trouble.look"),
    }));
  return [...refused, ...failing];
}
