import "@/i18n/later/editor";

import { Button, Group, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { JsonObject } from "@/api/types";
import { Dialog } from "@/ui/Dialog";
import { asFieldSchema } from "@/ui/schema-form/schema";
import { SchemaForm } from "@/ui/schema-form/SchemaForm";
import { asObject } from "@/api/json";
import { outputOf } from "@/graph/outputs";

import { JsonText } from "../fields/JsonText";
import type { Start } from "./testSource";

interface Props {
  start: Start;
  data: JsonObject;
  opened: boolean;
  onClose: () => void;
  onChange: (data: JsonObject) => void;
}

type View = "form" | "json";

/** The data a test begins with, to change as a form or as JSON. */
export function EventDataDialog({ start, data, opened, onClose, onChange }: Props) {
  const { t } = useTranslation(["editor", "common"]);
  const [view, setView] = useState<View>("form");
  const { schema } = outputOf(start.node, start.type);
  return (
    <Dialog opened={opened} onClose={onClose} size="lg" title={t("test.editTitle")}>
      <SegmentedControl
        mb="md"
        aria-label={t("test.editAs")}
        value={view}
        onChange={(value) => setView(value)}
        data={[
          { value: "form", label: t("test.asForm") },
          { value: "json", label: t("test.asJson") },
        ]}
      />
      {view === "form" ? (
        <SchemaForm schema={asFieldSchema(schema)} value={data} onChange={onChange} />
      ) : (
        <JsonText
          aria-label={t("test.asJson")}
          value={data}
          onChange={(value) => onChange(asObject(value))}
        />
      )}
      <Group justify="flex-end" mt="md">
        <Button onClick={onClose}>{t("test.editDone")}</Button>
      </Group>
    </Dialog>
  );
}
