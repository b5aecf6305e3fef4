import { Menu } from "@mantine/core";

import type { Problem } from "@/api/types";

import { useEditor } from "../store/EditorContext";
import { useShowStep } from "../useShowStep";
import { ProblemLine } from "./ProblemLine";
import { ProblemsButton } from "./ProblemsButton";

/** What stands in the way; each problem leads to its step. */
export function ProblemsMenu() {
  const problems = useEditor((state) => state.problems);
  return (
    <Menu position="bottom-end" width={400} withinPortal>
      <Menu.Target>
        <ProblemsButton />
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: "auto" }}>
        {problems.map((problem, index) => (
          <ProblemItem key={index} problem={problem} />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ProblemItem({ problem }: { problem: Problem }) {
  const show = useShowStep();
  return (
    <Menu.Item onClick={() => problem.node_id !== null && show(problem.node_id)}>
      <ProblemLine problem={problem} />
    </Menu.Item>
  );
}
