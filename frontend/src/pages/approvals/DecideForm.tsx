import "@/i18n/later/approvals";

import { Button, Group, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { decide, useApprovalChange } from "@/api/approvals";
import type { Approval, Decision } from "@/api/types";
import { useNotify } from "@/ui/notify";

const LONGEST_COMMENT = 2_000;

/** The buttons that decide; a refusal asks for a reason first. */
export function DecideForm({ approval }: { approval: Approval }) {
  const { t } = useTranslation("approvals");
  const notify = useNotify();
  const [comment, setComment] = useState<string | null>(null);
  const { mutate, isPending } = useApprovalChange(decide, {
    onSuccess: (_, { decision }) => notify.done(t(`done.${decision}`)),
    onError: notify.failed,
  });
  const say = (decision: Decision) => mutate({ id: approval.id, decision, comment: comment ?? "" });
  const refusing = comment !== null;
  if (approval.kind === "task") {
    const left = approval.checklist.filter((item) => item.done_by === null).length;
    return (
      <Button disabled={left > 0} loading={isPending} onClick={() => say("done")} maw={320}>
        {left > 0 ? t("left", { count: left }) : t("markDone")}
      </Button>
    );
  }
  return (
    <>
      {!approval.mine && <em>{t("standIn")}</em>}
      {refusing && (
        <Textarea
          label={t("why")}
          description={t("whyHint")}
          autosize
          minRows={2}
          maxLength={LONGEST_COMMENT}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
          data-autofocus
        />
      )}
      <Group gap="sm" grow preventGrowOverflow={false} maw={460}>
        <Button loading={isPending} onClick={() => say("approved")}>
          {t("approve")}
        </Button>
        <Button
          variant={refusing ? "filled" : "default"}
          color="red"
          loading={isPending}
          onClick={() => (refusing ? say("refused") : setComment(""))}
        >
          {t(refusing ? "refuseNow" : "refuse")}
        </Button>
      </Group>
    </>
  );
}
