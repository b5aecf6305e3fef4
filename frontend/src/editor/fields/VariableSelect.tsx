import "@/i18n/later/editor";

import { type ComboboxItem, Select, type SelectProps, Text } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { findVariable, type VariableGroup } from "@/graph/variables";

import { takingPaths } from "./draggedVariable";
import { sampleWords } from "./sampleWords";
import { labelOf } from "./searchVariables";
import { useStepVariables } from "./stepVariables";

interface Props extends Omit<SelectProps, "data" | "value" | "onChange"> {
  /** The chosen variable's path, or nothing. */
  path: string;
  onChoose: (path: string) => void;
}

const MOST_SHOWN = 100;

/** Chooses one value of an earlier step, with its sample beside it. */
export function VariableSelect({ path, onChoose, ...rest }: Props) {
  const { t } = useTranslation("editor");
  const groups = useStepVariables();
  const data = useMemo(() => optionsOf(groups, path), [groups, path]);
  return (
    <Select
      placeholder={t("variable.choose")}
      {...rest}
      {...(rest.disabled ? {} : takingPaths(onChoose))}
      searchable
      limit={MOST_SHOWN}
      maxDropdownHeight={320}
      allowDeselect={false}
      nothingFoundMessage={t("variable.nothing")}
      data={data}
      value={path === "" ? null : path}
      onChange={(chosen) => chosen !== null && onChoose(chosen)}
      renderOption={({ option }) => <Option option={option} groups={groups} />}
    />
  );
}

function Option({ option, groups }: { option: ComboboxItem; groups: readonly VariableGroup[] }) {
  const variable = findVariable(groups, option.value);
  return (
    <div>
      <Text size="sm">{option.label}</Text>
      <Text size="xs" c="dimmed">
        {sampleWords(variable?.sample)}
      </Text>
    </div>
  );
}

/** A path that is not offered (any more) stays visible, so that it can be seen and replaced. */
function optionsOf(groups: readonly VariableGroup[], path: string) {
  const offered = groups.map((group) => ({
    group: group.label,
    items: group.variables.map((variable) => ({
      value: variable.path,
      label: labelOf(variable),
    })),
  }));
  const isKnown = path === "" || findVariable(groups, path) !== undefined;
  return isKnown ? offered : [{ value: path, label: path }, ...offered];
}
