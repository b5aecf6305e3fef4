import "@/i18n/later/run";

import { IconCheck, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Json } from "@/api/types";

import { comparedIn, comparisonSentence } from "./comparedWords";
import classes from "./RunStory.module.css";
import { useComparedWords } from "./useStepWords";

interface Props {
  output: Json;
  /** What is shown where there are no two comparisons to tell apart. */
  children: ReactNode;
}

/** Each comparison of a condition with its real values, and whether it was true. */
export function ComparedTable({ output, children }: Props) {
  const { t } = useTranslation("run");
  const words = useComparedWords();
  const compared = comparedIn(output);
  if (compared.length < 2) return children;
  return (
    <ul className={classes.compared} aria-label={t("compared.title")}>
      {compared.map((one, index) => (
        <li key={`${one.field} ${index}`} data-holds={one.holds}>
          {one.holds ? (
            <IconCheck size={16} aria-label={t("compared.true")} />
          ) : (
            <IconX size={16} aria-label={t("compared.false")} />
          )}
          <span>{comparisonSentence(one, words)}</span>
        </li>
      ))}
    </ul>
  );
}
