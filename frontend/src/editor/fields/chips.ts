/** Variables in a text, shown as chips: `{{ order.name }}` reads "Order → Name". */
import { Facet, type Range, RangeSet } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from "@codemirror/view";

import { findVariable, pathOfPlaceholder, type VariableGroup } from "@/graph/variables";

import { filterIn, type ShownFilter } from "./chipFilters";
import { sampleWords } from "./sampleWords";
import { fallbackIn } from "./fallbacks";
import { labelOf } from "./searchVariables";

/** How a chip says what is written where its value is empty. */
export const fallbackWords = Facet.define<
  (name: string, fallback: string) => string,
  (name: string, fallback: string) => string
>({ combine: (values) => values[0] ?? ((name, fallback) => `${name} (${fallback})`) });

/** How a chip says what a filter makes of its value. */
export const filterWords = Facet.define<
  (name: string, filter: ShownFilter) => string,
  (name: string, filter: ShownFilter) => string
>({ combine: (values) => values[0] ?? ((name, filter) => `${name} (${filter})`) });

export const variableGroups = Facet.define<readonly VariableGroup[], readonly VariableGroup[]>({
  combine: (values) => values[0] ?? [],
});

class Chip extends WidgetType {
  constructor(
    private readonly words: string,
    private readonly hint: string,
    private readonly isKnown: boolean,
  ) {
    super();
  }

  override eq(other: Chip): boolean {
    return this.words === other.words && this.hint === other.hint && this.isKnown === other.isKnown;
  }

  override toDOM(): HTMLElement {
    const chip = document.createElement("span");
    chip.className = this.isKnown ? "cm-chip" : "cm-chip cm-chip-unknown";
    chip.textContent = this.words;
    chip.title = this.hint;
    return chip;
  }
}

const LIQUID_MARK = Decoration.mark({ class: "cm-liquid" });

const matcher = new MatchDecorator({
  regexp: /\{\{[^{}]*\}\}|\{%[^{}]*%\}/g,
  decoration: ([text], view) => {
    const filtered = filterIn(text);
    const path = pathOfPlaceholder(filtered?.plain ?? text);
    if (path === null) return LIQUID_MARK;
    const variable = findVariable(view.state.facet(variableGroups), path);
    const bare = variable ? labelOf(variable) : path;
    const name = filtered ? view.state.facet(filterWords)(bare, filtered.filter) : bare;
    const fallback = fallbackIn(text);
    const words = fallback === null ? name : view.state.facet(fallbackWords)(name, fallback);
    // A sample is shown as it came; what a filter makes of it, the preview shows.
    const hint = variable && !filtered ? sampleWords(variable.sample) : text;
    return Decoration.replace({ widget: new Chip(words, hint, variable !== undefined) });
  },
});

class ChipPlugin {
  decorations: DecorationSet;

  constructor(view: EditorView) {
    this.decorations = matcher.createDeco(view);
  }

  update(update: ViewUpdate): void {
    const isRenamed =
      update.startState.facet(variableGroups) !== update.state.facet(variableGroups);
    this.decorations = isRenamed
      ? matcher.createDeco(update.view)
      : matcher.updateDeco(update, this.decorations);
  }

  /** Only chips are walked and deleted as one; other Liquid is edited letter by letter. */
  chips(): RangeSet<Decoration> {
    const ranges: Range<Decoration>[] = [];
    const at = this.decorations.iter();
    while (at.value) {
      if (at.value !== LIQUID_MARK) ranges.push(at.value.range(at.from, at.to));
      at.next();
    }
    return RangeSet.of(ranges);
  }
}

export const chips = ViewPlugin.fromClass(ChipPlugin, {
  decorations: (plugin) => plugin.decorations,
  provide: (plugin) =>
    EditorView.atomicRanges.of((view) => view.plugin(plugin)?.chips() ?? RangeSet.empty),
});
