import { Button, Group, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { sessionQuery, useSession } from "@/api/session";
import { changeWorkspace } from "@/api/settings";
import type { Workspace } from "@/api/types";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useNotify } from "@/ui/notify";

import { currencyChoices, localeChoices, timeZoneChoices } from "./choices";

type Fields = Omit<Workspace, "id">;

/** The shop's name, and how it writes times, dates and money. */
export function WorkspaceForm() {
  const { t } = useTranslation("settings");
  const { workspace } = useSession();
  const [fields, setFields] = useState<Fields>(workspace);
  const save = useSave();
  const set = (name: keyof Fields) => (value: string | null) =>
    setFields((before) => ({ ...before, [name]: value ?? before[name] }));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const { name, timezone, currency, locale } = fields;
    save.mutate({ name, timezone, currency, locale });
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={720}>
        {save.error && <ErrorNotice error={save.error} />}
        <TextInput
          label={t("shop.name")}
          description={t("shop.nameText")}
          required
          maxLength={120}
          value={fields.name}
          onChange={(event) => set("name")(event.currentTarget.value)}
        />
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <Choice
            label={t("shop.timezone")}
            data={timeZoneChoices(workspace.timezone)}
            value={fields.timezone}
            onChange={set("timezone")}
          />
          <Choice
            label={t("shop.currency")}
            data={currencyChoices(workspace.currency)}
            value={fields.currency}
            onChange={set("currency")}
          />
          <Choice
            label={t("shop.locale")}
            data={localeChoices(workspace.locale)}
            value={fields.locale}
            onChange={set("locale")}
          />
        </SimpleGrid>
        <Group>
          <Button type="submit" loading={save.isPending} disabled={fields.name.trim() === ""}>
            {t("shop.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ChoiceProps {
  label: string;
  data: { value: string; label: string }[];
  value: string;
  onChange: (value: string | null) => void;
}

function Choice(props: ChoiceProps) {
  return <Select {...props} searchable allowDeselect={false} limit={60} />;
}

function useSave() {
  const { t } = useTranslation("settings");
  const client = useQueryClient();
  const notify = useNotify();
  return useMutation({
    mutationFn: changeWorkspace,
    onSuccess: (workspace) => {
      client.setQueryData(sessionQuery.queryKey, (session) => session && { ...session, workspace });
      notify.done(t("shop.saved"));
    },
  });
}
