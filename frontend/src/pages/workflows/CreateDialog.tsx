import { Anchor, Button, Group, Stack, TextInput } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Graph } from "@/api/types";
import { createWorkflow, useWorkflowChange } from "@/api/workflows";
import { Dialog } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";

import { type Channel, ChannelCards } from "./ChannelCards";

interface Props {
  opened: boolean;
  onClose: () => void;
}

/** A name and a channel are all it takes; the rest happens on the canvas. */
export function CreateDialog({ opened, onClose }: Props) {
  const { t } = useTranslation("workflows");
  return (
    <Dialog opened={opened} onClose={onClose} title={t("create.title")} size="lg">
      <CreateForm onClose={onClose} />
    </Dialog>
  );
}

function CreateForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["workflows", "common"]);
  const [name, setName] = useState("");
  const [channel, setChannel] = useState<Channel>("email");
  const navigate = useNavigate();
  const create = useWorkflowChange(createWorkflow, {
    moveOn: ({ id }) => {
      onClose();
      void navigate({ to: "/workflows/$id", params: { id } });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate({ name: name.trim(), graph: emptyGraph(channel) });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        {create.error && <ErrorNotice error={create.error} />}
        <TextInput
          label={t("create.name")}
          placeholder={t("create.namePlaceholder")}
          required
          maxLength={120}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ChannelCards value={channel} onChange={setChannel} />
        <Anchor component={Link} to="/templates" size="sm">
          {t("create.template")}
        </Anchor>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ""}>
            {t("create.action")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function emptyGraph(channel: Channel): Graph {
  const settings = channel === "none" ? {} : { channel };
  return { schema: 1, nodes: [], edges: [], settings };
}
