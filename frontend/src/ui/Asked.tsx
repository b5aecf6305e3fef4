import "@/i18n/later/asked";

import { Anchor, Group, Text } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ErrorNotice } from "./ErrorNotice";

/** What a query knows: its answer, and why a newer one did not come. */
interface Query<Data> {
  data: Data | undefined;
  error: Error | null;
  refetch: () => unknown;
}

interface Props<Data> {
  query: Query<Data>;
  /** Stands there until there is an answer. */
  outline: ReactNode;
  children: (data: Data) => ReactNode;
}

/** What was asked for: its outline, its fault or itself. What was shown once stays. */
export function Asked<Data>({ query, outline, children }: Props<Data>) {
  const { data, error, refetch } = query;
  const retry = () => void refetch();
  if (data === undefined) return error ? <ErrorNotice error={error} retry={retry} /> : outline;
  return (
    <>
      {error && <NotRefreshed retry={retry} />}
      {children(data)}
    </>
  );
}

/** Two questions that are shown together. */
export const together = <One, Other>(
  one: Query<One>,
  other: Query<Other>,
): Query<readonly [One, Other]> => ({
  data: one.data === undefined || other.data === undefined ? undefined : [one.data, other.data],
  error: one.error ?? other.error,
  refetch: () => Promise.all([one.refetch(), other.refetch()]),
});

/** Quiet: what is shown was true a moment ago, and mostly still is. */
function NotRefreshed({ retry }: { retry: () => void }) {
  const { t } = useTranslation(["asked", "common"]);
  return (
    <Group gap={6} role="status" wrap="nowrap">
      <IconCloudOff size={16} aria-hidden style={{ flex: "none" }} />
      <Text size="sm">
        {t("notRefreshed")}{" "}
        <Anchor component="button" type="button" inherit underline="always" onClick={retry}>
          {t("common:tryAgain")}
        </Anchor>
      </Text>
    </Group>
  );
}
