import { Group, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";

import classes from "./Page.module.css";

interface Props {
  title: string;
  /** One sentence: what this page is for. */
  lead?: ReactNode;
  /** Buttons at the right of the headline. */
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of an ordinary page: headline, purpose, actions, content. */
export function Page({ title, lead, actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Cartwheel`;
  }, [title]);
  return (
    <div className={classes.page}>
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={4} flex={1} miw={240}>
          <Title order={1}>{title}</Title>
          {lead && (
            <Text c="dimmed" maw={640}>
              {lead}
            </Text>
          )}
        </Stack>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </div>
  );
}
