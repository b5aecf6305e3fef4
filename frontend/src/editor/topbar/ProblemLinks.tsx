import { Anchor, List } from "@mantine/core";

import type { Problem } from "@/api/types";

import { useShowStep } from "../useShowStep";
import { ProblemLine } from "./ProblemLine";

interface Props {
  problems: readonly Problem[];
  /** Before the step is shown. */
  onFollow: () => void;
}

/** Problems, each of which leads to its step. */
export function ProblemLinks({ problems, onFollow }: Props) {
  const show = useShowStep();
  if (problems.length === 0) return null;
  return (
    <List listStyleType="none" spacing="xs">
      {problems.map((problem, index) => (
        <List.Item key={index}>
          {problem.node_id === null ? (
            <ProblemLine problem={problem} />
          ) : (
            <Anchor
              component="button"
              type="button"
              ta="start"
              c="var(--cw-text)"
              underline="always"
              onClick={() => {
                onFollow();
                show(problem.node_id ?? "");
              }}
            >
              <ProblemLine problem={problem} />
            </Anchor>
          )}
        </List.Item>
      ))}
    </List>
  );
}
