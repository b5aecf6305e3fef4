/** The list of variables that opens at `@` and `{`. */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";

import { liquidOf } from "@/graph/variables";

import { variableGroups } from "./chips";
import { sampleWords } from "./sampleWords";
import { type FoundVariable, labelOf, searchVariables } from "./searchVariables";

/** `@` inside a word is part of an e-mail address, not a wish for a variable. */
const OPENING = /(?:(?<![\w.])@|\{\{?\s*)[\p{L}\w .→-]*$/u;
const MOST_OPTIONS = 120;

/** What is offered where the cursor stands; nothing where nobody asks for a variable. */
export function variablesAt(context: CompletionContext): CompletionResult | null {
  const opening = context.matchBefore(OPENING);
  if (!opening && !context.explicit) return null;
  const search = opening?.text.replace(/^(?:@|\{\{?)/, "") ?? "";
  const found = searchVariables(context.state.facet(variableGroups), search);
  return {
    from: opening?.from ?? context.pos,
    options: found.slice(0, MOST_OPTIONS).map(optionOf),
    filter: false,
  };
}

function optionOf({ variable, group }: FoundVariable, index: number): Completion {
  return {
    label: labelOf(variable),
    detail: sampleWords(variable.sample),
    section: group.label,
    boost: -index / 10,
    apply: (view, _completion, from, to) => {
      // A brace that an editor or a habit closed already is not left behind.
      const closing = /^\s*\}{1,2}/.exec(view.state.sliceDoc(to, to + 4))?.[0] ?? "";
      const insert = liquidOf(variable);
      view.dispatch({
        changes: { from, to: to + closing.length, insert },
        selection: { anchor: from + insert.length },
        userEvent: "input.complete",
      });
    },
  };
}

export const variableCompletion = autocompletion({
  override: [variablesAt],
  icons: false,
  activateOnTyping: true,
  aboveCursor: false,
  maxRenderedOptions: MOST_OPTIONS,
});
