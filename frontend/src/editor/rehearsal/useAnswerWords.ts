import { useTranslation } from "react-i18next";

import { startOf } from "../testing/testSource";
import { useEditor } from "../store/EditorContext";
import type { Outcome } from "./rehearser";
import { kindOf, MOST_EVENTS } from "./scopes";

/** The answer in a sentence, and what is to be known about it. */
export function useAnswerWords(outcome: Outcome, isRunning: boolean) {
  const { t } = useTranslation("rehearsal");
  const catalog = useEditor((state) => state.catalog);
  const { events, compared, liveVersion } = outcome;
  const start = startOf(outcome.graph, catalog);
  const isOrders = [start?.eventType ?? "", ...events.map(({ type }) => type)].every((type) =>
    type.startsWith("order_"),
  );
  const { kind, count } = kindOf(outcome.scope);
  const what = t(isOrders ? "of.orders" : "of.events", { count: compared });
  const span = kind === "days" ? t("span", { count }) : "";
  const of = [what, span].filter(Boolean).join(" ");
  const differing = events.length;
  const isAlone = liveVersion === null;
  const answer = (): string => {
    if (isAlone) return t("answer.alone", { of, count: differing });
    if (differing > 0) return t("answer.differ", { of, count: differing });
    if (isRunning) return t("answer.noneYet", { of });
    return t("answer.same", { of, number: liveVersion });
  };
  const isCut = kind === "days" && outcome.total >= MOST_EVENTS;
  return { answer: answer(), note: isCut ? t("cut", { count: MOST_EVENTS }) : null };
}
