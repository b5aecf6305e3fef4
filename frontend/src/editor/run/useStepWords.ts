import "@/i18n/later/run";

import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { asObject } from "@/api/json";
import type { Json } from "@/api/types";
import { useFormats } from "@/ui/formats";

import { useEditor } from "../store/EditorContext";
import { phraseOfPath } from "../summary/pathWords";
import { type ComparedWords, comparedIn, comparisonsSentence } from "./comparedWords";
import { countsEntries } from "./countsEntries";

interface Worded {
  output: Json;
  words: string | null;
}

/** How the values of conditions are said on this screen. */
export function useComparedWords(): ComparedWords {
  const { t } = useTranslation("run");
  const formats = useFormats();
  const graph = useEditor((state) => state.graph);
  const catalog = useEditor((state) => state.catalog);
  const phrase = useCallback(
    (path: string) => phraseOfPath(graph, catalog, path),
    [graph, catalog],
  );
  return { t, formats, phrase };
}

/** An event's type between quotes; every quotation mark that a language of ours has. */
const QUOTED_TYPE = /(?<=[“„])[a-z]+_[a-z_]+(?=”)/g;

/** What a step says of itself; conditions in the reader's language, with the real values. */
export function useStepWords(): (step: Worded) => string | null {
  const words = useComparedWords();
  const catalog = useEditor((state) => state.catalog);
  const titled = (type: string): string =>
    catalog.types.find((one) => one.event_type === type)?.label ?? type;
  return ({ output, words: told }) => {
    const compared = comparedIn(output);
    if (compared.length === 0 || (told !== null && countsEntries(told))) {
      return told?.replace(QUOTED_TYPE, titled) ?? null;
    }
    return comparisonsSentence(compared, asObject(output).holds !== false, words);
  };
}
