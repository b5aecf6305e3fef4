import "@/i18n/later/connections";

import { SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useApps } from "@/api/catalog";
import { useConnections } from "@/api/connections";
import type { App, Connection } from "@/api/types";
import { Asked, together } from "@/ui/Asked";
import { Page } from "@/ui/Page";

import { AppCard } from "./AppCard";
import { ConnectionCard } from "./ConnectionCard";
import { ConnectionDrawer, type Opened } from "./ConnectionDrawer";

const route = getRouteApi("/signed-in/shell/connections");
const SANDBOX = "sandbox";

export function ConnectionsPage() {
  const { t } = useTranslation("connections");
  const query = together(useApps(), useConnections());
  const { open: wanted } = route.useSearch();
  const navigate = useNavigate();
  const [chosen, choose] = useState<Opened | null>(null);
  const opened = chosen ?? findIn(query.data, wanted);
  const open = (next: Opened | null) => {
    choose(next);
    if (!next && wanted) void navigate({ to: "/connections", replace: true });
  };
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Asked query={query} outline={<Skeleton height={220} radius="lg" />}>
        {([apps, connections]) => (
          <>
            <Accounts apps={apps} connections={connections} onOpen={open} />
            <Offers apps={apps} onOpen={open} />
          </>
        )}
      </Asked>
      <ConnectionDrawer opened={opened} onChange={open} />
    </Page>
  );
}

/** The connection that the address names. */
function findIn(
  known: readonly [App[], Connection[]] | undefined,
  wanted: string | undefined,
): Opened | null {
  const [apps, connections] = known ?? [[], []];
  const connection = connections.find(({ id }) => id === wanted);
  const app = connection && apps.find(({ id }) => id === connection.app);
  return app ? { app, connection } : null;
}

interface ListProps {
  apps: App[];
  onOpen: (opened: Opened) => void;
}

function Accounts({ apps, connections, onOpen }: ListProps & { connections: Connection[] }) {
  const { t } = useTranslation("connections");
  return (
    <Stack gap="sm" component="section">
      <Title order={2}>{t("yours")}</Title>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {connections.map((connection) => {
          const app = apps.find(({ id }) => id === connection.app);
          return (
            <ConnectionCard
              key={connection.id}
              connection={connection}
              app={app}
              onOpen={() => app && onOpen({ app, connection })}
            />
          );
        })}
      </SimpleGrid>
    </Stack>
  );
}

function Offers({ apps, onOpen }: ListProps) {
  const { t } = useTranslation("connections");
  return (
    <Stack gap="sm" component="section">
      <div>
        <Title order={2}>{t("add")}</Title>
        <Text c="dimmed">{t("addText")}</Text>
      </div>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {apps
          .filter(({ id }) => id !== SANDBOX)
          .map((app) => (
            <AppCard key={app.id} app={app} onOpen={() => onOpen({ app })} />
          ))}
      </SimpleGrid>
    </Stack>
  );
}
