import { Anchor, Group, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconFlask,
  IconPencil,
  IconSitemap,
  IconTag,
} from "@tabler/icons-react";
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

import { RecentPicture } from "./RecentPicture";
import { StateSwitch } from "./StateSwitch";
import { WorkflowMenu } from "./WorkflowMenu";
import classes from "./WorkflowRow.module.css";

const COLUMNS = "minmax(0, 1fr) 128px 104px 108px 44px 36px";

export function WorkflowRow({ workflow }: { workflow: WorkflowSummary }) {
  return (
    <Row columns={COLUMNS}>
      <Name workflow={workflow} />
      <RecentPicture workflowId={workflow.id} />
      <Channel channel={workflow.channel} />
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
          <Problems count={workflow.problems} />
          {workflow.labels.map((label) => (
            <Sign key={label} tone="quiet" icon={IconTag}>
              {label}
            </Sign>
          ))}
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

/** What stands in the way of switching on. Warnings, such as the sandbox's, wait on the canvas. */
function Problems({ count }: { count: WorkflowSummary["problems"] }) {
  const { t } = useTranslation("workflows");
  if (count.errors === 0) return null;
  return (
    <Sign tone="bad" icon={IconAlertTriangle}>
      {t("problems", { count: count.errors })}
    </Sign>
  );
}
