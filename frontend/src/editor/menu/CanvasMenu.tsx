import "@/i18n/later/editor";

import { Menu } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { type Deeds, useDeeds } from "../canvas/useDeeds";
import { type EditorStore, type OpenMenu, perform } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";
import classes from "./Menus.module.css";
import { keyWords, SHORTCUTS } from "./shortcuts";

/** The menu of a right click: what can be done with what is under it, and by which keys. */
export function CanvasMenu() {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const menu = useEditor((state) => state.menu);
  const readOnly = useEditor((state) => state.readOnly);
  const deeds = useDeeds();
  if (!menu) return null;
  const items = itemsFor(menu, store, deeds).filter((item) => !readOnly || item.isReading);
  return (
    <Menu
      key={`${menu.at.x} ${menu.at.y}`}
      opened
      onClose={() => store.setState({ menu: null })}
      position="bottom-start"
      width={250}
      offset={2}
      withinPortal
    >
      <Menu.Target>
        <div className={classes.anchor} style={{ left: menu.at.x, top: menu.at.y }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={t("contextMenu.name")}>
        {items.map(({ deed, act, keys, isBad }) => (
          <Menu.Item
            key={deed}
            onClick={act}
            color={isBad ? "var(--cw-bad)" : undefined}
            rightSection={keys && <span className={classes.combination}>{keyWords(keys)}</span>}
          >
            {t(`contextMenu.${deed}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

type Deed =
  | "open"
  | "rename"
  | "connect"
  | "replace"
  | "duplicate"
  | "copy"
  | "toggle"
  | "exportChosen"
  | "exportAll"
  | "remove"
  | "insert"
  | "cut"
  | "add"
  | "note"
  | "write"
  | "selectAll"
  | "tidy"
  | "fit"
  | "search"
  | "shortcuts";

interface Item {
  readonly deed: Deed;
  readonly act: () => void;
  readonly keys?: readonly string[];
  readonly isBad?: boolean;
  /** Also offered to those who may only look. */
  readonly isReading?: boolean;
}

const { adding, step, looking } = SHORTCUTS;

function itemsFor(menu: OpenMenu, store: EditorStore, deeds: Deeds): readonly Item[] {
  switch (menu.target.kind) {
    case "step":
      return stepItems(menu, menu.target.nodeId, deeds);
    case "note":
      return noteItems(deeds);
    case "selection":
      return selectionItems(deeds);
    case "edge":
      return edgeItems(menu, menu.target.edgeId, store, deeds);
    case "canvas":
      return canvasItems(menu, deeds);
  }
}

function stepItems({ at }: OpenMenu, nodeId: string, deeds: Deeds): readonly Item[] {
  return [
    { deed: "open", act: deeds.open, keys: step.open, isReading: true },
    { deed: "rename", act: deeds.rename, keys: step.rename },
    { deed: "connect", act: deeds.connect, keys: adding.connect },
    { deed: "replace", act: () => deeds.pick({ kind: "replace", nodeId }, at) },
    ...selectionItems(deeds),
  ];
}

function noteItems(deeds: Deeds): readonly Item[] {
  return [
    { deed: "write", act: deeds.open, keys: step.open },
    ...selectionItems(deeds).filter(({ deed }) => deed !== "toggle" && deed !== "exportChosen"),
  ];
}

function selectionItems(deeds: Deeds): readonly Item[] {
  return [
    { deed: "duplicate", act: deeds.duplicate, keys: adding.duplicate },
    { deed: "copy", act: () => void deeds.copy(), keys: adding.copy, isReading: true },
    { deed: "toggle", act: deeds.toggle, keys: step.toggle },
    { deed: "exportChosen", act: deeds.exportChosen, isReading: true },
    { deed: "remove", act: deeds.remove, keys: step.remove, isBad: true },
  ];
}

function edgeItems(
  { at }: OpenMenu,
  edgeId: string,
  store: EditorStore,
  deeds: Deeds,
): readonly Item[] {
  return [
    { deed: "insert", act: () => deeds.pick({ kind: "edge", edgeId }, at), keys: step.open },
    {
      deed: "cut",
      act: () => perform(store, { kind: "disconnect", edgeIds: [edgeId] }),
      keys: step.remove,
      isBad: true,
    },
  ];
}

function canvasItems({ at }: OpenMenu, deeds: Deeds): readonly Item[] {
  const here = { kind: "free", place: deeds.placeAt(at) } as const;
  return [
    { deed: "add", act: () => deeds.pick(here, at), keys: adding.pick },
    { deed: "note", act: () => deeds.addNote(at), keys: adding.note },
    { deed: "selectAll", act: deeds.selectAll, keys: looking.selectAll, isReading: true },
    { deed: "tidy", act: deeds.tidy },
    { deed: "fit", act: deeds.fit, keys: looking.fit, isReading: true },
    { deed: "search", act: deeds.search, keys: looking.search, isReading: true },
    { deed: "exportAll", act: deeds.exportAll, isReading: true },
    { deed: "shortcuts", act: deeds.shortcuts, keys: looking.shortcuts, isReading: true },
  ];
}
