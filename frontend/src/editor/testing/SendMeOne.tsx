import "@/i18n/later/proofs";

import { Button, Group, Stack, Text } from "@mantine/core";
import { IconMailForward } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "@/api/problem";
import { newPress, ownAddressesQuery, sendMeOne } from "@/api/proofs";
import type { Simulation } from "@/api/types";
import type { Scenario } from "@/api/workflows";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { OwnAddressForm } from "@/ui/own-address/OwnAddressForm";
import { ProofProgress } from "@/ui/own-address/ProofProgress";

import { useEditor } from "../store/EditorContext";

interface Props {
  /** What was played, and the message that was written in it. */
  scenario: Scenario;
  message: Simulation["messages"][number];
}

/** The channels that end at an address which its owner can show to be theirs. */
const KINDS: Readonly<Record<string, "email" | "phone">> = {
  email: "email",
  sms: "phone",
  whatsapp: "phone",
};

/** The message for real, to whoever presses and to nobody else. */
export function SendMeOne({ scenario, message }: Props) {
  const { t } = useTranslation("proofs");
  const { id = "" } = useParams({ strict: false });
  const readOnly = useEditor((state) => state.readOnly);
  const [press, setPress] = useState(newPress);
  const send = useMutation({
    mutationFn: () => {
      const { node_id, iteration } = message;
      return sendMeOne(id, { ...scenario, node_id, iteration, press });
    },
    // Sent again after a mishap, it is the same press; after an answer it is a new one.
    onSuccess: () => setPress(newPress()),
  });
  const kind = KINDS[message.channel];
  if (readOnly || kind === undefined) return null;
  return (
    <Stack gap="sm" mt="md" data-send-me-one>
      <Group gap="sm">
        <Button
          size="sm"
          variant="light"
          loading={send.isPending}
          leftSection={<IconMailForward size={16} aria-hidden />}
          onClick={() => send.mutate()}
        >
          {t(send.data ? "sendAgain" : "send")}
        </Button>
        <Text size="sm" c="dimmed" flex="1 1 260px">
          {t("explained")}
        </Text>
      </Group>
      {send.error && <NotSent error={send.error} kind={kind} />}
      {send.data && <ProofProgress proof={send.data} sent={(to) => t("sent", { to })} />}
    </Stack>
  );
}

function NotSent({ error, kind }: { error: unknown; kind: "email" | "phone" }) {
  const isUnverified = error instanceof ApiProblem && error.code === "address_not_verified";
  const { data: addresses } = useQuery({ ...ownAddressesQuery, enabled: isUnverified });
  const address = addresses?.find((each) => each.kind === kind);
  if (!isUnverified) return <ErrorNotice error={error} />;
  if (!address || address.verified) return null;
  return (
    <Stack gap="xs">
      <Text size="sm" fw={650} role="status">
        {error.detail}
      </Text>
      <OwnAddressForm address={address} />
    </Stack>
  );
}
