import type { Variable, VariableGroup } from "@/graph/variables";

export interface FoundVariable {
  readonly variable: Variable;
  readonly group: VariableGroup;
}

/** Variables that hold every word of the search in their words or their path. */
export function searchVariables(
  groups: readonly VariableGroup[],
  search: string,
): readonly FoundVariable[] {
  const words = search
    .toLocaleLowerCase()
    .split(/[\s→>.]+/)
    .filter(Boolean);
  return groups.flatMap((group) =>
    group.variables
      .filter((variable) => {
        const text = `${variable.labels.join(" ")} ${variable.path}`.toLocaleLowerCase();
        return words.every((word) => text.includes(word));
      })
      .map((variable) => ({ variable, group })),
  );
}

/** `Order → Customer → E-mail`. */
export function labelOf(variable: Variable): string {
  return variable.labels.join(" → ");
}
