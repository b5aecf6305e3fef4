import "@/i18n/later/start";

import { Anchor, Button, Group } from "@mantine/core";
import { IconCalendarOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";

import { useDemoShop } from "@/pages/start/DemoShopCard";
import { EmptyState } from "@/ui/EmptyState";

import { useEditor } from "../store/EditorContext";
import type { Rehearser } from "./rehearser";

const WIDEST = "last-1000";

/** Nothing has happened that would start the workflow: look further back, or bring something in. */
export function NothingYet({ rehearser }: { rehearser: Rehearser }) {
  const { t } = useTranslation(["rehearsal", "start"]);
  const { shop, turn, isTurning } = useDemoShop();
  const readOnly = useEditor((state) => state.readOnly);
  const asked = useStore(rehearser.state, (state) => state.outcome?.scope);
  const lookFurther = (): void => {
    rehearser.choose(WIDEST);
    void rehearser.start();
  };
  return (
    <EmptyState
      icon={IconCalendarOff}
      title={t("nothing.title")}
      action={
        <Group gap="md" justify="center">
          {asked !== WIDEST && (
            <Button variant="light" onClick={lookFurther}>
              {t("nothing.further")}
            </Button>
          )}
          {shop?.on === false && !readOnly && (
            <Button variant="default" loading={isTurning} onClick={() => turn(true)}>
              {t("start:demo.open")}
            </Button>
          )}
          <Anchor component={Link} to="/connections" size="sm">
            {t("nothing.connect")}
          </Anchor>
        </Group>
      }
    >
      {t(shop?.on ? "nothing.soon" : "nothing.text")}
    </EmptyState>
  );
}
