import "@/i18n/later/start";

import { Anchor, Group, Paper, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useNodeTypes } from "@/api/catalog";
import { checklistQuery, demoShopQuery, templatesQuery } from "@/api/start";
import { Asked } from "@/ui/Asked";
import { ListingOutline } from "@/ui/Listing";
import { useKnownOnce } from "@/ui/useKnownOnce";

import { Checklist } from "./Checklist";
import { DemoShopCard } from "./DemoShopCard";
import classes from "./Start.module.css";
import { TemplateCards } from "./TemplateCards";

const OFFERED = 3;

/** What somebody sees who has no workflow yet: three to begin with, nothing, and a demo shop. */
export function StartPanel({ onCreate }: { onCreate: () => void }) {
  const { t } = useTranslation("start");
  const [templates, types] = [useQuery(templatesQuery), useNodeTypes()];
  const isKnown = useKnownOnce(templates, types, useQuery(demoShopQuery), useQuery(checklistQuery));
  if (!isKnown) return <ListingOutline />;
  return (
    <Stack gap="xl">
      <Stack gap={4}>
        <Title order={2} className={classes.headline}>
          {t("panel.title")}
        </Title>
        <Text c="dimmed">{t("panel.text")}</Text>
      </Stack>
      <Offered />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <Paper withBorder p="lg">
          <button type="button" className={classes.scratch} onClick={onCreate}>
            <span className={classes.sign}>
              <IconPlus size={22} aria-hidden />
            </span>
            <span>
              <span className={classes.name}>{t("panel.scratch")}</span>
              <span className={classes.text}>{t("panel.scratchText")}</span>
            </span>
          </button>
        </Paper>
        <DemoShopCard />
      </SimpleGrid>
      <Checklist newest={undefined} />
    </Stack>
  );
}

function Offered() {
  const { t } = useTranslation("start");
  const query = useQuery(templatesQuery);
  return (
    <Stack gap="sm">
      <Asked query={query} outline={<Skeleton height={190} radius="lg" />}>
        {(templates) => (
          <>
            <TemplateCards templates={templates.slice(0, OFFERED)} large />
            {templates.length > OFFERED && (
              <Group justify="flex-end">
                <Anchor component={Link} to="/templates" size="sm">
                  {t("panel.all", { count: templates.length })}
                </Anchor>
              </Group>
            )}
          </>
        )}
      </Asked>
    </Stack>
  );
}
