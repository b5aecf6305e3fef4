import { Badge, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { WorkflowVersion } from "@/api/types";
import { waitingVersionsQuery } from "@/api/workflows";
import { ChoiceRow } from "@/ui/ChoiceRow";
import { Time } from "@/ui/Time";

import classes from "./Versions.module.css";

interface Props {
  workflowId: string;
  versions: readonly WorkflowVersion[];
  chosen: number;
  onChoose: (number: number) => void;
}

/** Newest first; the arrows go from one to the next. */
export function VersionList({ workflowId, versions, chosen, onChoose }: Props) {
  const { t } = useTranslation("versions");
  const { data: waiting } = useQuery(waitingVersionsQuery(workflowId));
  return (
    <ul className={classes.list} aria-label={t("list")}>
      {versions.map((version) => (
        <li key={version.number}>
          <ChoiceRow isChosen={version.number === chosen} onChoose={() => onChoose(version.number)}>
            <Row version={version} waiting={waiting?.get(version.number) ?? 0} />
          </ChoiceRow>
        </li>
      ))}
    </ul>
  );
}

function Row({ version, waiting }: { version: WorkflowVersion; waiting: number }) {
  const { t } = useTranslation("versions");
  const { number, name, kept, live } = version;
  const title = t(kept ? "kept" : "version", { number });
  return (
    <>
      <span className={classes.names}>
        <Text component="span" fw={650} size="sm">
          {name ?? title}
        </Text>
        {live && (
          <Badge variant="light" color="green" c="var(--cw-good)">
            {t("live")}
          </Badge>
        )}
      </span>
      <Text component="span" size="xs" c="dimmed">
        {name !== null && `${title} · `}
        <Time at={version.created_at} /> <By version={version} />
      </Text>
      {waiting > 0 && (
        <Text component="span" size="xs">
          {t("waiting", { count: waiting })}
        </Text>
      )}
    </>
  );
}

function By({ version: { created_by: name } }: { version: WorkflowVersion }) {
  const { t } = useTranslation("versions");
  return name === null ? t("program") : t("by", { name });
}
