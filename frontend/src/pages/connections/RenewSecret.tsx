import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { renewSigningSecret, useConnectionChange } from "@/api/connections";
import type { Connection } from "@/api/types";
import { Dialog } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { PasswordField } from "@/ui/PasswordField";

/** These make their signing secrets themselves; the others take the one that we make. */
const MAKE_THEIR_OWN = new Set(["shopify", "slack"]);

interface Props {
  connection: Connection;
  /** Called with the secret that the server made, or nothing when the merchant gave one. */
  onRenewed: (secret: string | null) => void;
}

/** Puts a new signing secret beside the present one, which stays valid for a day. */
export function RenewSecret({ connection, onRenewed }: Props) {
  const { t } = useTranslation("connections");
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="light" size="xs" onClick={open}>
        {t("hook.renew")}
      </Button>
      <Dialog opened={opened} onClose={close} title={t("hook.renewQuestion")}>
        <RenewForm
          connection={connection}
          onCancel={close}
          onRenewed={(secret) => {
            close();
            onRenewed(secret);
          }}
        />
      </Dialog>
    </>
  );
}

function RenewForm({ connection, onRenewed, onCancel }: Props & { onCancel: () => void }) {
  const { t } = useTranslation(["connections", "common"]);
  const [given, setGiven] = useState("");
  const asks = MAKE_THEIR_OWN.has(connection.app);
  const renew = useConnectionChange(() => renewSigningSecret(connection.id, given), {
    moveOn: ({ signing_secret: made }) => onRenewed(asks ? null : (made ?? null)),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    renew.mutate(undefined);
  };
  return (
    <form onSubmit={submit}>
      {renew.error && <ErrorNotice error={renew.error} />}
      <Text mb="md">{t("hook.renewText")}</Text>
      {asks && (
        <PasswordField
          label={t("hook.given")}
          description={t("hook.givenText")}
          required
          autoComplete="off"
          value={given}
          onChange={(event) => setGiven(event.currentTarget.value)}
        />
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onCancel}>
          {t("common:cancel")}
        </Button>
        <Button type="submit" loading={renew.isPending}>
          {t(asks ? "hook.saveGiven" : "hook.make")}
        </Button>
      </Group>
    </form>
  );
}
