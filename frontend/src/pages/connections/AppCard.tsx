import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { App } from "@/api/types";
import { NodeIcon } from "@/ui/NodeIcon";
import { useWords } from "@/ui/words";

import classes from "./Cards.module.css";

/** An app that can be connected. */
export function AppCard({ app, onOpen }: { app: App; onOpen: () => void }) {
  const { t } = useTranslation("connections");
  const { label, description } = useWords()(app);
  return (
    <UnstyledButton className={classes.app} onClick={onOpen}>
      <span className={classes.sign}>
        <NodeIcon svg={app.icon} size={26} />
      </span>
      <span className={classes.words}>
        <VisuallyHidden>{t("connectApp")}</VisuallyHidden>{" "}
        <span className={classes.name}>{label}</span>{" "}
        <span className={classes.text}>{description}</span>
      </span>
      <IconPlus size={18} aria-hidden className={classes.plus} />
    </UnstyledButton>
  );
}
