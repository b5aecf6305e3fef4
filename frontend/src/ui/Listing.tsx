import { Button, Center, Paper, Skeleton, Stack } from "@mantine/core";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Page } from "@/api/types";

import { Asked } from "./Asked";

interface Props<Item> {
  query: UseInfiniteQueryResult<{ pages: Page<Item>[] }>;
  /** Draws the rows. */
  children: (items: Item[]) => ReactNode;
  /** What stands there when the list is empty. */
  empty: ReactNode;
}

/** A list that loads page by page: outline, fault, emptiness, rows and "show more" in one place. */
export function Listing<Item>({ query, children, empty }: Props<Item>) {
  const { t } = useTranslation();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  return (
    <Stack gap="md">
      <Asked query={query} outline={<ListingOutline />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length === 0 ? <Paper withBorder>{empty}</Paper> : children(items);
        }}
      </Asked>
      {hasNextPage && (
        <Center>
          <Button
            variant="default"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {t("showMore")}
          </Button>
        </Center>
      )}
    </Stack>
  );
}

/** Where rows will be. */
export function ListingOutline() {
  const { t } = useTranslation();
  return (
    <Stack gap="sm" role="status" aria-label={t("loading")}>
      {[0, 1, 2, 3].map((row) => (
        <Skeleton key={row} height={68} radius="lg" />
      ))}
    </Stack>
  );
}
