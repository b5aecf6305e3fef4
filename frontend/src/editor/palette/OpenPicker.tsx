import { Text, TextInput } from "@mantine/core";
import { useClickOutside, useFocusTrap, useMergedRef } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";

import type { NodeType } from "@/graph/catalog";

import { addStep } from "../addStep";
import type { Picker } from "../store/editorStore";
import { useEditorStore } from "../store/EditorContext";
import { recentTypes } from "./recentTypes";
import { groupTypes } from "./searchTypes";
import classes from "./StepPicker.module.css";
import { TypeRow } from "./TypeRow";
import { useChannel, useTypes } from "./useTypes";

const SIZE = { width: 320, height: 420 };
const MARGIN = 12;

/** The list of steps, where it was asked for. */
export function OpenPicker({ picker }: { picker: Picker }) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const close = (): void => store.setState({ picker: null });
  const [search, setSearch] = useState("");
  const types = useOrderedTypes(search, picker);
  const [active, setActive] = useState(0);
  const id = useId();
  const ref = useMergedRef<HTMLDivElement>(useFocusTrap(), useClickOutside(close));
  const choose = (type: NodeType): void => addStep(store, type, picker.task);
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) setActive((at) => Math.max(0, Math.min(types.length - 1, at + by)));
    else if (event.key === "Enter" && types[active]) choose(types[active]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={ref}
      className={classes.picker}
      style={placeInWindow(picker)}
      role="dialog"
      aria-label={t("picker.name")}
    >
      <TextInput
        data-autofocus
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        placeholder={t("palette.search")}
        aria-label={t("palette.search")}
        leftSection={<IconSearch size={16} aria-hidden />}
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={`${id}-${active}`}
      />
      <Options id={id} types={types} active={active} search={search} onChoose={choose} />
    </div>
  );
}

/** Without a search, what was used last stands on top; the rest in the order of the kinds. */
function useOrderedTypes(search: string, { task }: Picker): readonly NodeType[] {
  const types = useTypes(search, task);
  const channel = useChannel();
  if (search !== "") return types;
  const recent = recentTypes().flatMap((name) => types.filter((type) => type.type === name));
  const grouped = groupTypes(types, channel).flatMap((group) => group.types);
  return [...recent, ...grouped.filter((type) => !recent.includes(type))];
}

interface OptionsProps {
  id: string;
  types: readonly NodeType[];
  active: number;
  search: string;
  onChoose: (type: NodeType) => void;
}

function Options({ id, types, active, search, onChoose }: OptionsProps) {
  const { t } = useTranslation("editor");
  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [id, active]);
  return (
    <div role="listbox" id={id} aria-label={t("picker.name")} className={classes.options}>
      {types.map((type, index) => (
        <TypeRow
          key={type.ref}
          type={type}
          onChoose={onChoose}
          option={{ id: `${id}-${index}`, isActive: index === active }}
        />
      ))}
      {types.length === 0 && (
        <Text size="sm" c="dimmed" p="xs">
          {t("palette.nothing", { search })}
        </Text>
      )}
    </div>
  );
}

function placeInWindow({ at }: Picker): { left: number; top: number; maxHeight: number } {
  const fit = (wanted: number, size: number, room: number): number =>
    Math.max(MARGIN, Math.min(wanted, room - size - MARGIN));
  return {
    left: fit(at.x, SIZE.width, innerWidth),
    top: fit(at.y, SIZE.height, innerHeight),
    maxHeight: SIZE.height,
  };
}
