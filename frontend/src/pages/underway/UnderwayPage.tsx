import "@/i18n/later/workflows";
import "@/i18n/later/underway";

import { Anchor, Button, Group, Select } from "@mantine/core";
import { IconArrowLeft, IconPlayerPlay } from "@tabler/icons-react";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

import { workflowQuery } from "@/api/workflows";
import { orLater } from "@/ui/orLater";
import { Page } from "@/ui/Page";
import { PageTrouble } from "@/ui/PageTrouble";

import { Batches } from "./Batches";
import { useEventType, useStepNames } from "./useStepNames";
import { Waits } from "./Waits";

const route = getRouteApi("/signed-in/shell/workflows/$id/waiting");

const StartManyDialog = lazy(async () => ({
  default: (await orLater(() => import("./StartManyDialog"))).StartManyDialog,
}));

/** What goes on in one workflow: starts by the batch, and who waits where until when. */
export function UnderwayPage() {
  const { t } = useTranslation(["underway", "workflows", "common"]);
  const { id } = route.useParams();
  const { node = null } = route.useSearch();
  const navigate = useNavigate();
  const { data: workflow, error, refetch } = useQuery(workflowQuery(id));
  const names = useStepNames(workflow);
  const eventType = useEventType(workflow);
  const [starting, start] = useDisclosure();
  const choose = (step: string | null) =>
    void navigate({
      to: "/workflows/$id/waiting",
      params: { id },
      search: step ? { node: step } : {},
      replace: true,
    });
  if (error && !workflow) {
    const list = { to: "/workflows", words: t("common:notFound.action") };
    return <PageTrouble error={error} retry={() => void refetch()} list={list} />;
  }
  return (
    <Page
      title={t("workflows:underway")}
      lead={workflow?.name ?? "\u00a0"} // Keeps the line's place until the name is known.
      actions={
        workflow?.state === "active" && (
          <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={start.open}>
            {t("start.open")}
          </Button>
        )
      }
    >
      <Anchor component={Link} to={`/workflows/${id}`} size="sm">
        <Group gap={4} component="span">
          <IconArrowLeft size={16} aria-hidden />
          {t("page.back")}
        </Group>
      </Anchor>
      <Batches workflowId={id} />
      <Group gap="md">
        <Select
          aria-label={t("waits.step")}
          placeholder={t("waits.everyStep")}
          clearable
          w={{ base: "100%", xs: 300 }}
          data={[...names].map(([value, label]) => ({ value, label }))}
          value={node}
          onChange={choose}
        />
      </Group>
      <Waits key={node} workflowId={id} nodeId={node} names={names} />
      {starting && (
        <Suspense>
          <StartManyDialog workflowId={id} eventType={eventType} onClose={start.close} />
        </Suspense>
      )}
    </Page>
  );
}
