import "@/i18n/later/approvals";

import { Anchor, Checkbox, Paper, Stack, Text, Title } from "@mantine/core";
import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconChecklist,
  IconClock,
  IconUserQuestion,
  IconX,
} from "@tabler/icons-react";
import type { Icon } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { tick, useApprovalChange } from "@/api/approvals";
import type { Approval, ApprovalStatus, Approver } from "@/api/types";
import { useNotify } from "@/ui/notify";
import { Sign, type Tone } from "@/ui/Sign";
import { Time } from "@/ui/Time";

import classes from "./Approvals.module.css";
import { DecideForm } from "./DecideForm";

const LOOKS: Readonly<Record<ApprovalStatus, { tone: Tone; icon: Icon }>> = {
  open: { tone: "info", icon: IconClock },
  approved: { tone: "good", icon: IconCheck },
  done: { tone: "good", icon: IconCheck },
  refused: { tone: "bad", icon: IconX },
  timed_out: { tone: "warning", icon: IconAlertTriangle },
  cancelled: { tone: "quiet", icon: IconBan },
};

/** One decision or task: what is asked, of whom, until when, and the way to answer. */
export function ApprovalCard({ approval }: { approval: Approval }) {
  const { t } = useTranslation("approvals");
  const isTask = approval.kind === "task";
  const Picture = isTask ? IconChecklist : IconUserQuestion;
  const state = approval.late ? "late" : approval.status;
  const look = approval.late ? LOOKS.timed_out : LOOKS[approval.status];
  return (
    <Paper component="li" withBorder p="md" className={classes.card}>
      <Stack gap="xs">
        <div className={classes.head}>
          <Picture size={22} stroke={1.7} aria-hidden />
          <Title order={2} size="h3" className={classes.title}>
            {approval.title}
          </Title>
          <Sign {...look}>{t(`status.${state}`)}</Sign>
        </div>
        {approval.text && <Text className={classes.text}>{approval.text}</Text>}
        <Text size="sm" c="dimmed">
          <Anchor component={Link} to={`/runs/${approval.run_id}`} size="sm" underline="always">
            {[approval.workflow_name, approval.label].filter(Boolean).join(" · ")}
          </Anchor>
          {" · "}
          <Time at={approval.created_at} />
          {approval.due_at && approval.status === "open" && (
            <>
              {" · "}
              {t("until")} <Time at={approval.due_at} as="full" />
            </>
          )}
        </Text>
        <Checklist approval={approval} />
        <ul className={classes.people} aria-label={t("people")}>
          {approval.approvers
            .filter((one) => one.asked || one.decision !== null || !one.escalated)
            .map((one) => (
              <Person key={one.address} person={one} />
            ))}
        </ul>
        {approval.undelivered.map(({ address, message }) => (
          <Text key={address} size="sm" className={classes.fault}>
            {t("undelivered", { address, message })}
          </Text>
        ))}
        {approval.may_decide && <DecideForm approval={approval} />}
      </Stack>
    </Paper>
  );
}

function Person({ person }: { person: Approver }) {
  const { t } = useTranslation("approvals");
  const name = (address: string) => (address === "owner" ? t("owner") : address);
  const said = person.decision as "approved" | "refused" | "done" | null;
  const state = said ? t(`said.${said}`) : t(person.asked ? "said.asked" : "said.notYet");
  return (
    <li>
      <Text size="sm">
        <strong>{name(person.address)}</strong>: {state}
        {person.decided_by && ` (${t("for", { name: name(person.decided_by) })})`}
        {person.decided_at && (
          <>
            {", "}
            <Time at={person.decided_at} as="full" />
          </>
        )}
        {person.comment && ` – ${t("quoted", { text: person.comment })}`}
      </Text>
    </li>
  );
}

function Checklist({ approval }: { approval: Approval }) {
  const { t } = useTranslation("approvals");
  if (approval.checklist.length === 0) return null;
  return (
    <Stack gap={6} role="group" aria-label={t("checklist")}>
      {approval.checklist.map((item, number) => (
        <Item
          key={`${number}-${item.text}`}
          approval={approval}
          number={number}
          text={item.text}
          isDone={item.done_by !== null}
        />
      ))}
    </Stack>
  );
}

interface ItemProps {
  approval: Approval;
  number: number;
  text: string;
  isDone: boolean;
}

/** Stands as it was ticked until the server has said how it stands; one tick after the other. */
function Item({ approval, number, text, isDone }: ItemProps) {
  const notify = useNotify();
  const { mutate, isPending, variables } = useApprovalChange(
    tick,
    { onError: notify.failed },
    `${approval.id} ${number}`,
  );
  return (
    <Checkbox
      label={text}
      checked={isPending ? variables.done : isDone}
      disabled={!approval.may_decide}
      onChange={(event) => mutate({ id: approval.id, number, done: event.currentTarget.checked })}
    />
  );
}
