import "@/i18n/later/underway";

import { Button, Group, NumberInput, Radio, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import {
  ENTRY_MODES,
  entryOf,
  type EntryRule,
  MOST_BESIDE,
  NAMED_KEYS,
  withEntry,
} from "@/graph/entry";
import { triggerOf } from "@/graph/queries";
import { Dialog } from "@/ui/Dialog";

import { StepVariables, useVariablesOf } from "../fields/stepVariables";
import { VariableText } from "../fields/VariableText";
import { perform } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";

const OWN_TEXT = "text";

/** What happens when something of the same kind comes again while a run is under way. */
export function EntryDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["underway", "common", "editor"]);
  const store = useEditorStore();
  const settings = useEditor((state) => state.graph.settings);
  const readOnly = useEditor((state) => state.readOnly);
  const [rule, setRule] = useState(() => entryOf(settings));
  const change = (part: Partial<EntryRule>) => setRule({ ...rule, ...part });
  const isComplete = rule.mode === "every" || rule.key.trim() !== "";
  const save = () => {
    perform(store, { kind: "setSettings", settings: withEntry(settings, rule) });
    onClose();
  };
  return (
    <Dialog opened onClose={onClose} size="lg" title={t("editor:again")}>
      <Stack>
        <ModeField value={rule.mode} disabled={readOnly} onChange={(mode) => change({ mode })} />
        {rule.mode === "parallel" && (
          <NumberInput
            label={t("entry.limit")}
            min={1}
            max={MOST_BESIDE}
            clampBehavior="blur"
            allowDecimal={false}
            w={200}
            disabled={readOnly}
            value={rule.limit}
            onChange={(limit) => change({ limit: Number(limit) || 1 })}
          />
        )}
        {rule.mode !== "every" && (
          <KeyField value={rule.key} disabled={readOnly} onChange={(key) => change({ key })} />
        )}
        <Text size="sm" c="dimmed">
          {t("entry.later")}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button disabled={readOnly || !isComplete} onClick={save}>
            {t("entry.save")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

interface ModeProps {
  value: EntryRule["mode"];
  disabled: boolean;
  onChange: (mode: EntryRule["mode"]) => void;
}

function ModeField({ value, disabled, onChange }: ModeProps) {
  const { t } = useTranslation("underway");
  return (
    <Radio.Group label={t("entry.question")} value={value} onChange={onChange}>
      <Stack gap="xs" mt="xs">
        {ENTRY_MODES.map((mode) => (
          <Radio
            key={mode}
            value={mode}
            disabled={disabled}
            label={t(`entry.mode.${mode}`)}
            description={t(`entry.text.${mode}`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

interface KeyProps {
  value: string;
  disabled: boolean;
  onChange: (key: string) => void;
}

/** By what events are the same: a choice, or a text with the trigger's variables. */
function KeyField({ value, disabled, onChange }: KeyProps) {
  const { t } = useTranslation("underway");
  const trigger = useEditor(({ graph, catalog }) => triggerOf(graph, catalog)?.id ?? "");
  const variables = useVariablesOf(trigger);
  const named = NAMED_KEYS.find((name) => name === value);
  return (
    <>
      <Select
        label={t("entry.same")}
        description={t("entry.sameText")}
        allowDeselect={false}
        disabled={disabled}
        data={[
          ...NAMED_KEYS.map((name) => ({ value: name, label: t(`entry.key.${name}`) })),
          { value: OWN_TEXT, label: t("entry.key.text") },
        ]}
        value={named ?? OWN_TEXT}
        onChange={(chosen) => onChange(chosen === OWN_TEXT ? "" : (chosen ?? "customer"))}
      />
      {named === undefined && (
        <StepVariables value={variables}>
          <VariableText
            id="entry-key"
            name="key"
            pointer="/entry/key"
            label={t("entry.own")}
            description={t("entry.ownText")}
            error={undefined}
            required
            bare={false}
            disabled={disabled}
            problems={[]}
            schema={{ type: "string" }}
            value={value}
            onChange={(text) => onChange(typeof text === "string" ? text : "")}
            onBlur={() => undefined}
          />
        </StepVariables>
      )}
    </>
  );
}
