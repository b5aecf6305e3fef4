import { Alert } from "@mantine/core";
import { IconPinFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { type Pin } from "@/graph/pins";

import { JsonText } from "../fields/JsonText";
import { perform } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";

/** What tests take as the step's output; it can be changed, to try out what seldom happens. */
export function PinnedOutput({ nodeId, pin }: { nodeId: string; pin: Pin }) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const readOnly = useEditor((state) => state.readOnly);
  return (
    <Alert mb="md" color="blue" icon={<IconPinFilled aria-hidden />} title={t("pin.pinned")}>
      {t("pin.hint")}
      <JsonText
        mt="xs"
        minRows={3}
        aria-label={t("pinning.output")}
        value={pin.output}
        readOnly={readOnly}
        onChange={(output = null) =>
          perform(
            store,
            { kind: "setPin", nodeId, pin: { port: pin.port, output } },
            `pin ${nodeId}`,
          )
        }
      />
    </Alert>
  );
}
