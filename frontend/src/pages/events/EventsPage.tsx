import { Button } from "@mantine/core";
import { IconBolt, IconFilterOff } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { eventsQuery } from "@/api/events";
import { usePollInterval } from "@/api/stream";
import { Chosen } from "@/pages/underway/Chosen";
import { useChosen } from "@/pages/underway/useChosen";
import { EmptyState } from "@/ui/EmptyState";
import { Listing } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { Rows } from "@/ui/Rows";

import { EventDrawer } from "./EventDrawer";
import { EventRow } from "./EventRow";
import { EventTypeChoice } from "./EventTypeChoice";

const route = getRouteApi("/signed-in/shell/events");

export function EventsPage() {
  const { t } = useTranslation("events");
  const [type, setType] = useState<string | null>(null);
  const chosen = useChosen();
  const { open } = route.useSearch();
  const navigate = useNavigate();
  const choose = (id?: string) =>
    void navigate({ to: "/events", search: id ? { open: id } : {}, replace: !id });
  const query = useInfiniteQuery({
    ...eventsQuery(type ?? ""),
    refetchInterval: usePollInterval(),
  });
  const seen = query.data?.pages.flatMap((page) => page.items.map((event) => event.type)) ?? [];
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Chosen ids={chosen.ids} kind="event_ids" onClear={chosen.clear} />
      <EventTypeChoice seen={seen} value={type} onChange={setType} />
      <Listing query={query} empty={type ? <NothingFound /> : <NothingYet />}>
        {(events) => (
          <Rows label={t("title")}>
            {events.map((event) => (
              <EventRow
                key={event.id}
                event={event}
                isChosen={chosen.ids.has(event.id)}
                onChoose={() => chosen.toggle(event.id)}
                onOpen={() => choose(event.id)}
              />
            ))}
          </Rows>
        )}
      </Listing>
      <EventDrawer id={open ?? null} onClose={() => choose()} />
    </Page>
  );
}

function NothingFound() {
  const { t } = useTranslation("events");
  return (
    <EmptyState icon={IconFilterOff} title={t("notFound.title")}>
      {t("notFound.text")}
    </EmptyState>
  );
}

function NothingYet() {
  const { t } = useTranslation("events");
  return (
    <EmptyState
      icon={IconBolt}
      title={t("empty.title")}
      action={
        <Button component={Link} to="/connections" mt="xs">
          {t("empty.action")}
        </Button>
      }
    >
      {t("empty.text")}
    </EmptyState>
  );
}
