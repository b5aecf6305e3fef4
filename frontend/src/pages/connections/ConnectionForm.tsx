import { Alert, Button, Group, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type SubmitEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import {
  changeConnection,
  createConnection,
  type Revealed,
  useConnectionChange,
} from "@/api/connections";
import { ApiProblem } from "@/api/problem";
import type { App, Connection, JsonObject } from "@/api/types";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useNotify } from "@/ui/notify";
import { asFieldSchema, defaultsOf, type FieldSchema } from "@/ui/schema-form/schema";
import { SchemaForm } from "@/ui/schema-form/SchemaForm";
import { hasFaults } from "@/ui/schema-form/hasFaults";
import { useTranslatedFields, useWords } from "@/ui/words";

import { problemsOf, splitSecrets, withoutEdges } from "./values";

interface Props {
  app: App;
  connection: Connection | undefined;
  onSaved: (connection: Connection, signingSecret: string | null) => void;
}

/** Settings and secrets of one account; saving tests them first. */
export function ConnectionForm({ app, connection, onSaved }: Props) {
  const { t } = useTranslation("connections");
  const wordsOf = useWords();
  const schema = asFieldSchema(useTranslatedFields(app));
  const [name, setName] = useState(connection?.name ?? wordsOf(app).label);
  const [value, setValue] = useState<JsonObject>(connection?.settings ?? defaultsOf(schema));
  const [usual, setUsual] = useState(connection?.is_default ?? false);
  const [showAll, setShowAll] = useState(false);
  const save = useSave(app, connection, schema, onSaved);
  const send = (anyway: boolean) => {
    const given = withoutEdges(value);
    setShowAll(true);
    setValue(given);
    if (hasFaults(schema, given, connection?.secrets)) return;
    save.mutate({ name, value: given, usual, anyway });
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    send(false);
  };
  const problems = useMemo(() => problemsOf(save.error, schema), [save.error, schema]);
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text c="dimmed">{wordsOf(app).description}</Text>
        <TextInput
          label={t("name")}
          description={t("nameText")}
          withAsterisk
          error={showAll && name.trim() === "" && t("nameNeeded")}
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <SchemaForm
          schema={schema}
          value={value}
          onChange={setValue}
          problems={problems}
          showAll={showAll}
          secretsSet={connection?.secrets}
        />
        {app.channels.length > 0 && (
          <Switch
            label={t("usual")}
            description={t("usualText")}
            checked={usual}
            onChange={(event) => setUsual(event.currentTarget.checked)}
          />
        )}
        {save.error && <Refusal error={save.error} onSaveAnyway={() => send(true)} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t(app.testable ? "testAndSave" : "save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface Attempt {
  name: string;
  value: JsonObject;
  /** Steps of its channel use it when they choose none. */
  usual: boolean;
  anyway: boolean;
}

function useSave(
  app: App,
  connection: Connection | undefined,
  schema: FieldSchema,
  onSaved: Props["onSaved"],
) {
  const { t } = useTranslation("connections");
  const notify = useNotify();
  return useConnectionChange<Attempt, Connection & Revealed>(
    ({ name, value, usual, anyway }) => {
      const body = {
        name: name.trim(),
        ...splitSecrets(value, schema),
        is_default: usual,
        save_anyway: anyway,
      };
      return connection
        ? changeConnection(connection.id, body)
        : createConnection({ app: app.id, ...body });
    },
    {
      onSuccess: ({ status, name }) =>
        notify.done(t(status === "ok" ? "savedOk" : "saved", { name })),
      moveOn: (saved) => onSaved(saved, saved.signing_secret ?? null),
    },
  );
}

/** What the app said to the test, and the choice to keep the connection nevertheless. */
function Refusal({ error, onSaveAnyway }: { error: Error; onSaveAnyway: () => void }) {
  const { t } = useTranslation("connections");
  if (!(error instanceof ApiProblem) || error.code !== "connection_test_failed") {
    return <ErrorNotice error={error} />;
  }
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title={t("refused")}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{error.detail}</Text>
        <Button size="xs" variant="default" onClick={onSaveAnyway}>
          {t("saveAnyway")}
        </Button>
      </Stack>
    </Alert>
  );
}
