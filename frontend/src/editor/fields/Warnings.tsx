import "@/i18n/later/editor";

import { Button, Group, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { findVariable } from "@/graph/variables";
import type { FieldProblem } from "@/ui/schema-form/form";

import { askedFor } from "./fallbacks";
import { labelOf } from "./searchVariables";
import { useStepVariables } from "./stepVariables";
import classes from "./VariableText.module.css";

interface Props {
  problems: readonly FieldProblem[];
  /** Writes these words into the text where the value at `path` is empty. */
  fall?: (path: string, words: string) => void;
}

/** What the server warns of at a field; unlike faults, warnings do not wait for a touch. */
export function Warnings({ problems, fall }: Props) {
  return problems
    .filter(({ severity }) => severity === "warning")
    .map((problem) => <Warning key={problem.message} problem={problem} fall={fall} />);
}

function Warning({ problem, fall }: { problem: FieldProblem; fall: Props["fall"] }) {
  const { message, fix } = problem;
  const path = askedFor(fix);
  const named = findVariable(useStepVariables(), path ?? "");
  const isAsked = path !== null && fall !== undefined;
  const asked = path !== null && named ? message.replace(path, labelOf(named)) : message;
  return (
    <div className={classes.warning}>
      <IconAlertTriangle size={14} aria-hidden />
      <div className={classes.warned}>
        <span>{isAsked ? asked : [message, fix].filter(Boolean).join(" ")}</span>
        {isAsked && <FallbackField take={(words) => fall(path, words)} />}
      </div>
    </div>
  );
}

/** Asks for the words, so that nobody has to write Liquid for them. */
function FallbackField({ take }: { take: (words: string) => void }) {
  const { t } = useTranslation("editor");
  const [words, setWords] = useState("");
  const send = (): void => {
    if (words.trim() !== "") take(words.trim());
  };
  return (
    <Group gap={6} wrap="nowrap" mt={4}>
      <TextInput
        size="xs"
        flex={1}
        aria-label={t("fallback.label")}
        placeholder={t("fallback.label")}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.nativeEvent.isComposing) send();
        }}
      />
      <Button size="xs" variant="default" disabled={words.trim() === ""} onClick={send}>
        {t("fallback.take")}
      </Button>
    </Group>
  );
}
