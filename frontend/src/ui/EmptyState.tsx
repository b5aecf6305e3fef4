import { Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  icon: Icon;
  title: string;
  /** One or two sentences: why it is empty and what fills it. */
  children: ReactNode;
  /** The next step, as a button or a link. */
  action?: ReactNode;
  /** 1 where the page has no other headline. */
  level?: 1 | 2;
}

/** What a page shows while there is nothing to list. */
export function EmptyState({ icon: Picture, title, children, action, level = 2 }: Props) {
  return (
    <Stack align="center" gap="sm" py={64} px="md" ta="center">
      <ThemeIcon size={64} radius="xl" variant="light">
        <Picture size={32} stroke={1.5} aria-hidden />
      </ThemeIcon>
      <Title order={level} size="h2" mt="xs">
        {title}
      </Title>
      <Text c="dimmed" maw={460}>
        {children}
      </Text>
      {action}
    </Stack>
  );
}
