import "@/i18n/later/editor";

import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowsExchange,
  IconCopyPlus,
  IconDots,
  IconEye,
  IconEyeOff,
  IconPlugConnected,
  IconTrash,
} from "@tabler/icons-react";
import { type MouseEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { portsOf } from "@/graph/queries";
import type { GraphNode } from "@/graph/values";

import { useEdits } from "../useEdits";
import { usePaste } from "../usePaste";
import { perform } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";
import { ConnectDialog } from "./ConnectDialog";

/** Everything that can be done to a step, for those who do not drag or know the keys. */
export function StepMenu({ node }: { node: GraphNode }) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const edits = useEdits();
  const pasting = usePaste();
  const hasOutputs = useEditor(
    ({ graph, catalog }) => portsOf(graph, node, catalog.get(node.type)).length > 0,
  );
  const [isConnecting, setConnecting] = useState(false);
  const replace = (event: MouseEvent): void => {
    const at = { x: event.clientX - 320, y: event.clientY };
    store.setState({ picker: { task: { kind: "replace", nodeId: node.id }, at } });
  };
  const toggle = (): void => perform(store, { kind: "toggleDisabled", nodeIds: [node.id] });
  return (
    <>
      <Menu position="bottom-end" width={230} withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={32} aria-label={t("menu.name")}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            disabled={!hasOutputs}
            leftSection={<IconPlugConnected size={16} />}
            onClick={() => setConnecting(true)}
          >
            {t("menu.connect")}
          </Menu.Item>
          <Menu.Item leftSection={<IconArrowsExchange size={16} />} onClick={replace}>
            {t("menu.replace")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCopyPlus size={16} />}
            onClick={() => pasting.duplicate([node.id])}
          >
            {t("menu.duplicate")}
          </Menu.Item>
          <Menu.Item
            leftSection={node.disabled ? <IconEye size={16} /> : <IconEyeOff size={16} />}
            onClick={toggle}
          >
            {t(node.disabled ? "menu.enable" : "menu.disable")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            color="var(--cw-bad)"
            leftSection={<IconTrash size={16} />}
            onClick={() => edits.remove([node.id], [])}
          >
            {t("menu.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConnectDialog node={node} opened={isConnecting} onClose={() => setConnecting(false)} />
    </>
  );
}
