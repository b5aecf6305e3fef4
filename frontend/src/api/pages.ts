import type { Page } from "./types";

/** What every list that loads page by page has in common. */
export const byPage = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: <Item>(page: Page<Item>) => page.next ?? undefined,
};

export const PAGE_SIZE = 50;
