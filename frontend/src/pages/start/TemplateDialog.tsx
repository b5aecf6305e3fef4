import "@/i18n/later/start";

import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type SubmitEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { asList, asObject } from "@/api/json";
import { ApiProblem } from "@/api/problem";
import { fillTemplate, templateGraph } from "@/api/start";
import type { Graph, JsonObject, Template } from "@/api/types";
import { useWorkflowChange } from "@/api/workflows";
import { Dialog } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";
import type { FieldProblem } from "@/ui/schema-form/form";
import { hasFaults } from "@/ui/schema-form/hasFaults";
import { asFieldSchema, defaultsOf } from "@/ui/schema-form/schema";
import { SchemaForm } from "@/ui/schema-form/SchemaForm";
import { overlaid, useWords } from "@/ui/words";

import { StepChain } from "./TemplateCards";

interface Props {
  template: Template | null;
  onClose: () => void;
  /** Takes the drawing, for a canvas that is open already; without it a workflow is made. */
  onGraph?: ((graph: Graph) => void) | undefined;
}

/** The few questions of a template; everything is filled in already and may stay so. */
export function TemplateDialog({ template, onClose, onGraph }: Props) {
  const wordsOf = useWords();
  return (
    <Dialog
      opened={template !== null}
      onClose={onClose}
      title={template ? wordsOf(template).label : ""}
      size="md"
    >
      {template && (
        <TemplateForm key={template.id} template={template} onClose={onClose} onGraph={onGraph} />
      )}
    </Dialog>
  );
}

interface FormProps extends Props {
  template: Template;
}

function TemplateForm({ template, onClose, onGraph }: FormProps) {
  const { t } = useTranslation(["start", "common"]);
  const { label, description } = useWords()(template);
  const schema = useQuestions(template);
  const [name, setName] = useState(label);
  const [values, setValues] = useState<JsonObject>(() => defaultsOf(schema));
  const [showAll, setShowAll] = useState(false);
  const fill = useFill(template, onClose, onGraph);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setShowAll(true);
    const isSound = name.trim() !== "" && !hasFaults(schema, values);
    if (isSound) fill.mutate({ values, name: name.trim() });
  };
  const problems = useMemo(() => problemsOf(fill.error), [fill.error]);
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <StepChain steps={template.steps} />
        <Text c="dimmed">{description}</Text>
        <SchemaForm
          schema={schema}
          value={values}
          onChange={setValues}
          problems={problems}
          showAll={showAll}
        />
        {!onGraph && (
          <TextInput
            label={t("form.name")}
            withAsterisk
            maxLength={120}
            error={showAll && name.trim() === "" && t("form.nameNeeded")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        {fill.error && <ErrorNotice error={fill.error} />}
        <Text size="sm" c="dimmed">
          {t("form.next")}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={fill.isPending}>
            {t(onGraph ? "form.actionHere" : "form.action")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function useQuestions({ asks, translations }: Template) {
  const { resolvedLanguage: language = "en" } = useTranslation().i18n;
  return useMemo(
    () => asFieldSchema(overlaid(asks, translations[language]?.asks)),
    [asks, translations, language],
  );
}

interface Answers {
  values: JsonObject;
  name: string;
}

/** Makes a workflow and opens it, or hands the drawing on. */
function useFill(template: Template, onFilled: () => void, onGraph: Props["onGraph"]) {
  const { resolvedLanguage: language = "en" } = useTranslation().i18n;
  const navigate = useNavigate();
  const fill = async ({ values, name }: Answers) => {
    if (onGraph) {
      const graph = await templateGraph(template.id, { values, language });
      return () => onGraph(graph);
    }
    const { id } = await fillTemplate(template.id, { values, name, language });
    return () => void navigate({ to: "/workflows/$id", params: { id } });
  };
  // Whoever has closed the form meanwhile may be drawing something else by now.
  return useWorkflowChange(fill, {
    moveOn: (show) => {
      onFilled();
      show();
    },
  });
}

/** What the server found wrong, field by field. */
function problemsOf(error: unknown): FieldProblem[] {
  if (!(error instanceof ApiProblem)) return [];
  return asList(error.extra.problems).flatMap((problem) => {
    const { field, message } = asObject(problem);
    return typeof field === "string" && typeof message === "string" ? [{ field, message }] : [];
  });
}
