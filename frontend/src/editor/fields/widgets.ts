import type { Widgets } from "@/ui/schema-form/form";

import { CasesField } from "./CasesField";
import { EventSampleField, EventTypeField } from "./EventFields";
import { OfferedTags } from "./OfferedTags";
import { RulesField } from "./RulesField";
import { TableCellsField, TableColumnField, TableField } from "./TableFields";
import { VariableField } from "./VariableField";
import { VariableLongText, VariableText } from "./VariableText";
import { WorkflowField } from "./WorkflowField";

/** The widgets that know the graph, by the schema's `x-widget`. */
export const STEP_WIDGETS: Widgets = {
  "template-text": VariableText,
  "template-multiline": VariableLongText,
  "template-html": VariableLongText,
  tags: OfferedTags,
  variable: VariableField,
  rules: RulesField,
  cases: CasesField,
  "event-type": EventTypeField,
  schema: EventSampleField,
  workflow: WorkflowField,
  table: TableField,
  "table-column": TableColumnField,
  "table-cells": TableCellsField,
};
