import "@/i18n/later/start";

import { SimpleGrid, UnstyledButton } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";

import { useNodeTypes } from "@/api/catalog";
import type { Graph, Template } from "@/api/types";
import { NodeIcon } from "@/ui/NodeIcon";
import { useWords } from "@/ui/words";

import classes from "./Start.module.css";
import { TemplateDialog } from "./TemplateDialog";

interface Props {
  templates: readonly Template[];
  /** As on the first screen, where they are all there is. */
  large?: boolean;
  /** Takes the drawing, for a canvas that is open already; without it a workflow is made. */
  onGraph?: ((graph: Graph) => void) | undefined;
}

/** Templates to choose from; the chosen one asks for the little it needs. */
export function TemplateCards({ templates, large = false, onGraph }: Props) {
  const { t } = useTranslation("start");
  const [chosen, choose] = useState<Template | null>(null);
  return (
    <>
      <SimpleGrid
        component="ul"
        className={classes.cards}
        aria-label={t("templates.title")}
        cols={{ base: 1, sm: 2, md: 3 }}
        spacing="md"
      >
        {templates.map((template) => (
          <li key={template.id}>
            <TemplateCard template={template} large={large} onChoose={() => choose(template)} />
          </li>
        ))}
      </SimpleGrid>
      <TemplateDialog template={chosen} onClose={() => choose(null)} onGraph={onGraph} />
    </>
  );
}

interface CardProps {
  template: Template;
  large: boolean;
  onChoose: () => void;
}

function TemplateCard({ template, large, onChoose }: CardProps) {
  const { label, description } = useWords()(template);
  return (
    <UnstyledButton className={classes.card} data-large={large || undefined} onClick={onChoose}>
      <StepChain steps={template.steps} />
      <span className={classes.name}>{label}</span>
      <span className={classes.text}>{description}</span>
    </UnstyledButton>
  );
}

/** The kinds of steps in a row, as they will stand on the canvas; empty until they are known. */
export function StepChain({ steps }: { steps: readonly string[] }) {
  const { data: types } = useNodeTypes();
  const found = steps.map((ref) => types?.find((type) => type.ref === ref));
  const shown = types ? found.filter((type) => type !== undefined) : found;
  return (
    <span className={classes.chain} aria-hidden>
      {shown.map((type, place) => (
        <Fragment key={place}>
          {place > 0 && <IconArrowRight size={14} className={classes.arrow} />}
          <span className={classes.step} data-kind={type?.category}>
            {type && <NodeIcon svg={type.icon} size={20} />}
          </span>
        </Fragment>
      ))}
    </span>
  );
}
