import type { Widget, Widgets } from "./form";
import { choicesOf, type FieldSchema, typeOf } from "./schema";
import { ChoiceField } from "./widgets/ChoiceField";
import { ChoicesField } from "./widgets/ChoicesField";
import { ConnectionField } from "./widgets/ConnectionField";
import { DurationField } from "./widgets/DurationField";
import { GroupField } from "./widgets/GroupField";
import { KeyValuesField } from "./widgets/KeyValuesField";
import { ListField } from "./widgets/ListField";
import { LongTextField } from "./widgets/LongTextField";
import { NumberField } from "./widgets/NumberField";
import { SecretField } from "./widgets/SecretField";
import { SwitchField } from "./widgets/SwitchField";
import { TagsField } from "./widgets/TagsField";
import { TextField } from "./widgets/TextField";
import { TimezoneField } from "./widgets/TimezoneField";

const BY_HINT: Widgets = {
  "template-text": TextField,
  "template-multiline": LongTextField,
  "template-html": LongTextField,
  multiline: LongTextField,
  connection: ConnectionField,
  duration: DurationField,
  select: ChoiceField,
  tags: TagsField,
  choices: ChoicesField,
  timezone: TimezoneField,
  "key-values": KeyValuesField,
  secret: SecretField,
};

const BY_TYPE: Widgets = {
  string: TextField,
  number: NumberField,
  integer: NumberField,
  boolean: SwitchField,
  array: ListField,
};

/** The widget of a field: the hint's, the form's own before the built-in, else the type's. */
export function widgetFor(schema: FieldSchema, own: Widgets): Widget {
  if (schema["x-secret"]) return SecretField;
  const hint = schema["x-widget"] ?? (schema["x-template"] ? templateHint(schema) : "");
  return own[hint] ?? BY_HINT[hint] ?? plainWidget(schema);
}

/** A text with variables needs the widget that knows them, even where no hint names it. */
function templateHint(schema: FieldSchema): string {
  return typeOf(schema) === "string" && !choicesOf(schema) ? "template-text" : "";
}

function plainWidget(schema: FieldSchema): Widget {
  if (choicesOf(schema)) return ChoiceField;
  const type = typeOf(schema);
  if (type === "object") return schema.properties ? GroupField : KeyValuesField;
  if (type === "array" && isPlainText(schema.items)) return TagsField;
  return BY_TYPE[type] ?? TextField;
}

function isPlainText(items: FieldSchema | undefined): boolean {
  return !items || (typeOf(items) === "string" && !items["x-widget"]);
}
