import { Button, Group, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import type { Workspace } from "@/api/types";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { localeChoices } from "@/ui/locales";

import { currencyChoices, timeZoneChoices } from "./choices";
import { useWorkspaceChange } from "./useWorkspaceChange";

type Fields = Omit<Workspace, "id">;

/** The shop's name, and how it writes times, dates and money. */
export function WorkspaceForm() {
  const { t } = useTranslation("settings");
  const { workspace } = useSession();
  const [fields, setFields] = useState<Fields>(workspace);
  const save = useWorkspaceChange(t("shop.saved"));
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
