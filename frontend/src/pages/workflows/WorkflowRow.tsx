import { Anchor, Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconFlask, IconPencil, IconSitemap } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useNodeTypes } from "@/api/catalog";
import type { WorkflowSummary } from "@/api/types";
import { ChannelIcon } from "@/ui/ChannelIcon";
import { NodeIcon } from "@/ui/NodeIcon";
import { Row, RowCorner } from "@/ui/Rows";
import { Sign } from "@/ui/Sign";
import { StatusBadge } from "@/ui/StatusBadge";
import { Time } from "@/ui/Time";

import { StateSwitch } from "./StateSwitch";
import { WorkflowMenu } from "./WorkflowMenu";
import classes from "./WorkflowRow.module.css";

const COLUMNS = "minmax(0, 1fr) 104px 108px 108px 44px 36px";

export function WorkflowRow({ workflow }: { workflow: WorkflowSummary }) {
  return (
    <Row columns={COLUMNS}>
      <Name workflow={workflow} />
      <Channel channel={workflow.channel} />
      <Problems count={workflow.problems} />
      <Text size="sm" c="dimmed">
        <Time at={workflow.updated_at} />
      </Text>
      <StateSwitch workflow={workflow} />
      <RowCorner>
        <WorkflowMenu workflow={workflow} />
      </RowCorner>
    </Row>
  );
}

function Name({ workflow }: { workflow: WorkflowSummary }) {
  const { t } = useTranslation("workflows");
  return (
    <div className={classes.name}>
      <TriggerSign type={workflow.trigger_type} />
      <div className={classes.words}>
        <Anchor component={Link} to={`/workflows/${workflow.id}`} className={classes.link}>
          {workflow.name}
        </Anchor>
        <Group gap={6} mt={3}>
          <StatusBadge status={workflow.state} />
          {workflow.has_changes && workflow.state !== "draft" && (
            <Sign tone="info" icon={IconPencil}>
              {t("changes")}
            </Sign>
          )}
          {workflow.uses_sandbox && (
            <Sign tone="warning" icon={IconFlask}>
              {t("sandbox")}
            </Sign>
          )}
        </Group>
      </div>
    </div>
  );
}

/** What starts the workflow, as its picture. */
function TriggerSign({ type }: { type: string | null }) {
  const { data: types } = useNodeTypes();
  const name = type?.split("@")[0];
  const found = types?.find((one) => one.type === name);
  return (
    <span className={classes.sign} data-empty={!found} title={found?.label}>
      {found ? <NodeIcon svg={found.icon} size={22} /> : <IconSitemap size={20} aria-hidden />}
    </span>
  );
}

function Channel({ channel }: { channel: string | null }) {
  const { t } = useTranslation();
  if (!channel) return <span />;
  return (
    <Group gap={6} wrap="nowrap">
      <ChannelIcon channel={channel} size={18} />
      <Text size="sm">{t(`channel.${channel as "email"}`, { defaultValue: channel })}</Text>
    </Group>
  );
}

function Problems({ count }: { count: WorkflowSummary["problems"] }) {
  const { t } = useTranslation("workflows");
  const all = count.errors + count.warnings;
  if (all === 0) return <span />;
  return (
    <Group gap={6} wrap="nowrap" c={count.errors ? "var(--cw-bad)" : "var(--cw-warning)"}>
      <IconAlertTriangle size={16} aria-hidden />
      <Text size="sm">
        {t(count.errors ? "problems" : "hints", { count: count.errors || all })}
      </Text>
    </Group>
  );
}
