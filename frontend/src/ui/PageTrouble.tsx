import { Box, Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { ApiProblem } from "@/api/problem";

import { ErrorNotice } from "./ErrorNotice";

interface Props {
  error: unknown;
  retry: () => void;
  /** The list that it stood in. */
  list: { to: string; words: string };
}

/** Stands where one thing should be shown. What no longer exists leads back to its list. */
export function PageTrouble({ error, retry, list }: Props) {
  const isGone = error instanceof ApiProblem && error.status === 404;
  return (
    <Box p="xl" maw={720} mx="auto">
      <ErrorNotice error={error} {...(isGone ? {} : { retry })} />
      {isGone && (
        <Button component={Link} to={list.to} mt="md">
          {list.words}
        </Button>
      )}
    </Box>
  );
}
