import "@/i18n/later/start";

import { Alert, Button, Group, Paper, Text } from "@mantine/core";
import { IconBuildingStore } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { demoShopQuery, useDemoShopChange } from "@/api/start";
import { useNotify } from "@/ui/notify";

import classes from "./Start.module.css";

/** Opens and closes the demo shop; says so to screen readers, too. */
export function useDemoShop() {
  const { t } = useTranslation("start");
  const { data: shop } = useQuery(demoShopQuery);
  const change = useDemoShopChange();
  const notify = useNotify();
  const turn = (on: boolean) =>
    change.mutate(on, {
      onSuccess: () => notify.done(t(on ? "demo.opened" : "demo.closed")),
      onError: notify.failed,
    });
  return { shop, turn, isTurning: change.isPending };
}

/** Offers the demo shop to whoever has none connected. */
export function DemoShopCard() {
  const { t } = useTranslation("start");
  const { shop, turn, isTurning } = useDemoShop();
  const on = shop?.on ?? false;
  return (
    <Paper withBorder p="lg" className={classes.demo} data-on={on || undefined}>
      <span className={classes.sign}>
        <IconBuildingStore size={22} aria-hidden />
      </span>
      <div className={classes.words}>
        <span className={classes.name}>{t("demo.title")}</span>
        <span className={classes.text}>{t(on ? "demo.openText" : "demo.text")}</span>
        <Button
          mt="sm"
          size="xs"
          variant={on ? "default" : "light"}
          loading={isTurning}
          disabled={!shop}
          onClick={() => turn(!on)}
        >
          {t(on ? "demo.close" : "demo.open")}
        </Button>
      </div>
    </Paper>
  );
}

/** Says that orders are made up, as long as they are. */
export function DemoShopNotice() {
  const { t } = useTranslation("start");
  const { shop, turn, isTurning } = useDemoShop();
  if (!shop?.on) return null;
  return (
    <Alert variant="default" icon={<IconBuildingStore size={20} aria-hidden />} py="xs">
      <Group justify="space-between" gap="sm">
        <Text size="sm">{t("demo.notice", { count: shop.told_today })}</Text>
        <Button size="xs" variant="default" loading={isTurning} onClick={() => turn(false)}>
          {t("demo.close")}
        </Button>
      </Group>
    </Alert>
  );
}
