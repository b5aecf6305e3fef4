import { Alert, Button, Code, Group, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { createToken, deleteToken, tokensQuery } from "@/api/settings";
import type { ApiToken } from "@/api/types";
import { ConfirmButton } from "@/ui/ConfirmButton";
import { CopyButton } from "@/ui/CopyButton";
import { Asked } from "@/ui/Asked";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useNotify } from "@/ui/notify";
import { Row, Rows } from "@/ui/Rows";
import { Time } from "@/ui/Time";

/** Keys for programs: made, shown once, taken back. */
export function TokenSection() {
  const { t } = useTranslation("settings");
  const query = useQuery(tokensQuery);
  return (
    <Stack>
      <NewToken />
      <Asked query={query} outline={<Skeleton height={68} />}>
        {(tokens) =>
          tokens.length === 0 ? (
            <Text c="dimmed">{t("tokens.none")}</Text>
          ) : (
            <Rows label={t("tokens.title")}>
              {tokens.map((token) => (
                <TokenRow key={token.id} token={token} />
              ))}
            </Rows>
          )
        }
      </Asked>
    </Stack>
  );
}

function NewToken() {
  const { t } = useTranslation("settings");
  const [name, setName] = useState("");
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: createToken,
    onSuccess: () => {
      setName("");
      return client.invalidateQueries({ queryKey: ["tokens"] });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    make.mutate(name.trim());
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {make.error && <ErrorNotice error={make.error} />}
        <Group align="flex-end">
          <TextInput
            label={t("tokens.name")}
            placeholder={t("tokens.namePlaceholder")}
            required
            maxLength={120}
            w={{ base: "100%", xs: 320 }}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" variant="light" loading={make.isPending} disabled={!name.trim()}>
            {t("tokens.create")}
          </Button>
        </Group>
        {make.data && <Revealed token={make.data.token} />}
      </Stack>
    </form>
  );
}

function Revealed({ token }: { token: string }) {
  const { t } = useTranslation("settings");
  return (
    <Alert icon={<IconKey aria-hidden />} title={t("tokens.once")} role="status">
      <Group wrap="nowrap">
        <Code block flex={1} style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
          {token}
        </Code>
        <CopyButton text={token} />
      </Group>
    </Alert>
  );
}

function TokenRow({ token }: { token: ApiToken }) {
  const { t } = useTranslation("settings");
  const client = useQueryClient();
  const notify = useNotify();
  const remove = useMutation({
    mutationFn: () => deleteToken(token.id),
    onSettled: () => client.invalidateQueries({ queryKey: ["tokens"] }),
    onError: notify.failed,
  });
  return (
    <Row columns="minmax(0, 1fr) minmax(0, 1fr) auto">
      <Text fw={600}>{token.name}</Text>
      <Text size="sm" c="dimmed">
        {token.last_used_at ? (
          <>
            {t("tokens.used")} <Time at={token.last_used_at} />
          </>
        ) : (
          t("tokens.unused")
        )}
      </Text>
      <ConfirmButton
        variant="subtle"
        color="red"
        size="compact-sm"
        question={t("tokens.question", { name: token.name })}
        consequence={t("tokens.consequence")}
        confirm={t("tokens.remove")}
        onConfirm={() => remove.mutate()}
      >
        {t("tokens.remove")}
      </ConfirmButton>
    </Row>
  );
}
