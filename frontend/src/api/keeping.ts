import type { QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * Shows from now on what a change was answered with. What was asked for before the change is given
 * up: its answer tells of the time before, and would otherwise take the change back on the screen.
 */
export async function keepAnswer<Content>(
  client: QueryClient,
  queryKey: QueryKey,
  update: Content | ((known: Content | undefined) => Content | undefined),
): Promise<void> {
  await client.cancelQueries({ queryKey, exact: true });
  client.setQueryData<Content>(queryKey, update);
}
