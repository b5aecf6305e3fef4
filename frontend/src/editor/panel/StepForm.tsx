import { useMemo } from "react";

import type { JsonObject } from "@/api/types";
import type { NodeType } from "@/graph/catalog";
import type { GraphNode } from "@/graph/values";
import type { FieldProblem } from "@/ui/schema-form/form";
import { asFieldSchema } from "@/ui/schema-form/schema";
import { SchemaForm } from "@/ui/schema-form/SchemaForm";

import { StepType } from "../fields/stepType";
import { StepVariables, useVariablesOf } from "../fields/stepVariables";
import { STEP_WIDGETS } from "../fields/widgets";
import { perform } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";

/** The settings as a form made from the type's schema; every change goes onto the canvas at once. */
export function StepForm({ node, type }: { node: GraphNode; type: NodeType }) {
  const store = useEditorStore();
  const readOnly = useEditor((state) => state.readOnly);
  const isFresh = useEditor((state) => state.freshNodes.has(node.id));
  const schema = useMemo(() => asFieldSchema(type.config_schema), [type]);
  const problems = useFieldProblems(node.id);
  const variables = useVariablesOf(node.id);
  const change = (config: JsonObject): void =>
    perform(store, { kind: "setConfig", nodeId: node.id, config: config }, `config ${node.id}`);
  return (
    <StepType value={type.ref}>
      <StepVariables value={variables}>
        <SchemaForm
          schema={schema}
          value={node.config}
          onChange={change}
          problems={problems}
          widgets={STEP_WIDGETS}
          disabled={readOnly}
          showAll={!isFresh}
        />
      </StepVariables>
    </StepType>
  );
}

function useFieldProblems(nodeId: string): readonly FieldProblem[] {
  const problems = useEditor((state) => state.problems);
  return useMemo(
    () =>
      problems.flatMap((problem) =>
        problem.node_id === nodeId && problem.field ? [{ ...problem, field: problem.field }] : [],
      ),
    [problems, nodeId],
  );
}
