import { Skeleton, Stack } from "@mantine/core";

/** The outline of a page while its code or its first data is on the way. */
export function PagePending() {
  return (
    <Stack gap="lg" p="xl" maw={1120} mx="auto" aria-hidden>
      <Skeleton height={32} width={220} />
      <Skeleton height={44} />
      <Skeleton height={280} />
    </Stack>
  );
}
