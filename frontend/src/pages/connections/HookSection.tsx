import { Alert, Code, Group, List, Paper, Stack, Text, Title } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Connection } from "@/api/types";
import { CopyButton } from "@/ui/CopyButton";

import { RenewSecret } from "./RenewSecret";

interface Props {
  connection: Connection;
  url: string;
  /** A signing secret made when the connection was; it is shown this once. */
  revealed: string | undefined;
}

/** Where the app sends what happens, how to tell it so, and the secret that it signs with. */
export function HookSection({ connection, url, revealed }: Props) {
  const { t } = useTranslation("connections");
  const [made, setMade] = useState<string | null>(null);
  const secret = made ?? revealed;
  const asksInSlack = connection.app === "slack";
  return (
    <Paper withBorder p="md" component="section">
      <Stack gap="sm">
        <Title order={3}>{t(asksInSlack ? "hook.slack.title" : "hook.title")}</Title>
        <Copyable text={url} />
        <HowTo app={connection.app} />
        {secret && (
          <Alert icon={<IconKey aria-hidden />} title={t("hook.once")} role="status">
            <Copyable text={secret} />
          </Alert>
        )}
        <Group>
          <RenewSecret connection={connection} onRenewed={setMade} />
        </Group>
      </Stack>
    </Paper>
  );
}

function Copyable({ text }: { text: string }) {
  return (
    <Group wrap="nowrap" gap="xs">
      <Code block flex={1} style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
        {text}
      </Code>
      <CopyButton text={text} />
    </Group>
  );
}

const STEPS = {
  shopify: ["hook.shopify.open", "hook.shopify.create", "hook.shopify.secret"],
  slack: ["hook.slack.open", "hook.slack.address", "hook.slack.secret"],
  woocommerce: ["hook.woocommerce.open", "hook.woocommerce.create", "hook.woocommerce.secret"],
} as const;
const ANY_APP = ["hook.any.address", "hook.any.secret"] as const;

function HowTo({ app }: { app: string }) {
  const { t } = useTranslation("connections");
  const steps = app in STEPS ? STEPS[app as keyof typeof STEPS] : ANY_APP;
  return (
    <>
      <Text size="sm">{t(app === "slack" ? "hook.slack.text" : "hook.text")}</Text>
      <List type="ordered" size="sm" spacing={4}>
        {steps.map((step) => (
          <List.Item key={step}>{t(step)}</List.Item>
        ))}
      </List>
    </>
  );
}
