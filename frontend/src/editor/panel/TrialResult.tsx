import "@/i18n/later/editor";

import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { MessagePreview } from "@/ui/message/MessagePreview";

import { SendMeOne } from "../testing/SendMeOne";
import { WrittenFor } from "../testing/WrittenFor";
import { OneResult } from "./StepResult";
import classes from "./StepPanel.module.css";
import type { Trial } from "./useTrial";

interface Props {
  trial: Trial;
  /** Tries once more, with messages written for another locale. */
  again: (locale: string) => void;
}

/** What the step alone did, and what people would have got from it. */
export function TrialResult({ trial, again }: Props) {
  const { t } = useTranslation("editor");
  return (
    <section data-trial>
      <Text size="sm" c="dimmed" mb="sm">
        {t("trial.explained")}
      </Text>
      {trial.messages.length > 0 && <WrittenFor value={trial.locale} onChange={again} />}
      {trial.messages.map((message, index) => {
        const shown = { ...message, id: message.node_id, created_at: message.at };
        return (
          <div key={index} className={classes.section}>
            <MessagePreview channel={message.channel} messages={[shown]} current={shown.id} />
            <SendMeOne scenario={trial.scenario} message={message} />
          </div>
        );
      })}
      {trial.requests.map(({ method, url }, index) => (
        <p key={index} className={classes.words}>
          <code>{method}</code> {url}
        </p>
      ))}
      {trial.steps.map((step) => (
        <OneResult key={step.iteration} step={step} />
      ))}
    </section>
  );
}
