import "@/i18n/later/proofs";

import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { keepAnswer } from "@/api/keeping";
import { confirmAddress, ownAddressesQuery, sendCode } from "@/api/proofs";
import type { OwnAddress, OwnAddresses } from "@/api/types";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useNotify } from "@/ui/notify";

interface Props {
  address: OwnAddress;
}

/** Shows an address to be one's own: a code goes there, and is entered here. */
export function OwnAddressForm({ address }: Props) {
  const { t } = useTranslation("proofs");
  const { kind, code, obstacle } = address;
  const [number, setNumber] = useState(kind === "phone" ? (address.address ?? "") : "");
  const keep = useKeep();
  const ask = useMutation({
    mutationFn: () => sendCode(kind, kind === "phone" ? number.trim() : null),
    onSuccess: keep,
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  if (obstacle !== null) return <Text size="sm">{obstacle}</Text>;
  return (
    <Stack gap="sm">
      {ask.error && <ErrorNotice error={ask.error} />}
      <form onSubmit={submit}>
        <Stack gap="sm">
          {kind === "phone" ? (
            <TextInput
              type="tel"
              autoComplete="tel"
              required
              maw={320}
              label={t("number")}
              description={t("numberText")}
              placeholder={t("numberExample")}
              value={number}
              onChange={(event) => setNumber(event.currentTarget.value)}
            />
          ) : (
            <Text size="sm">{t("askFor", { address: address.address ?? "" })}</Text>
          )}
          <Group>
            <Button type="submit" size="sm" variant="light" loading={ask.isPending}>
              {t(code === null ? "askCode" : "askCodeAgain")}
            </Button>
          </Group>
        </Stack>
      </form>
      {code !== null && <CodeEntry kind={kind} code={code} />}
    </Stack>
  );
}

/** What the server says of the addresses is what is known from now on. */
function useKeep(): (found: OwnAddresses) => Promise<void> {
  const client = useQueryClient();
  return (found) => keepAnswer<OwnAddresses>(client, ownAddressesQuery.queryKey, found);
}

interface EntryProps {
  kind: OwnAddress["kind"];
  code: NonNullable<OwnAddress["code"]>;
}

function CodeEntry({ kind, code }: EntryProps) {
  const { t } = useTranslation("proofs");
  const [given, setGiven] = useState("");
  const { done } = useNotify();
  const keep = useKeep();
  const confirm = useMutation({
    mutationFn: () => confirmAddress(kind, given),
    onSuccess: async (found) => {
      await keep(found);
      done(t("confirmed"));
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    confirm.mutate();
  };
  if (code.status === "refused") {
    return (
      <Alert color="red" role="alert" title={t("codeRefused")}>
        {code.error}
      </Alert>
    );
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text size="sm" role="status">
          {t(code.status === "sent" ? "codeSent" : "codeOnItsWay")} {code.error}
        </Text>
        {confirm.error && <ErrorNotice error={confirm.error} />}
        <Group align="flex-end">
          <TextInput
            label={t("code")}
            required
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={12}
            w={180}
            value={given}
            onChange={(event) => setGiven(event.currentTarget.value)}
          />
          <Button type="submit" size="sm" loading={confirm.isPending} disabled={!given.trim()}>
            {t("confirm")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
