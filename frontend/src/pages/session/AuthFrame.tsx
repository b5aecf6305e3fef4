import { Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";

import { Mark } from "@/ui/Mark";

import classes from "./AuthFrame.module.css";

interface Props {
  title: string;
  lead?: string;
  children: ReactNode;
}

/** The quiet page around everything that happens before the door. */
export function AuthFrame({ title, lead, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Cartwheel`;
  }, [title]);
  return (
    <main className={classes.ground}>
      <Paper className={classes.card} withBorder>
        <Mark size={44} />
        <Stack gap={4} mt="md" mb="lg">
          <Title order={1}>{title}</Title>
          {lead && <Text c="dimmed">{lead}</Text>}
        </Stack>
        {children}
      </Paper>
    </main>
  );
}
