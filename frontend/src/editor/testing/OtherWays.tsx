import "@/i18n/later/editor";

import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { without } from "@/graph/values";

import { useEditor } from "../store/EditorContext";
import { choicesOf, type Ways } from "./otherWays";
import classes from "./TestBar.module.css";

interface Props {
  /** The steps that the test came by. */
  ran: readonly { node_id: string }[];
  ways: Ways;
  onChange: (ways: Ways) => void;
}

const AS_IT_COMES = "";

/** What would happen if somebody refused, if the customer bought meanwhile, if a message failed. */
export function OtherWays({ ran, ways, onChange }: Props) {
  const { t } = useTranslation("editor");
  const graph = useEditor((state) => state.graph);
  const catalog = useEditor((state) => state.catalog);
  const choices = choicesOf(graph, catalog, ran);
  if (choices.length === 0) return null;
  const go = (nodeId: string, port: string | null): void => {
    onChange(port ? { ...ways, [nodeId]: port } : without(ways, nodeId));
  };
  return (
    <fieldset className={classes.ways}>
      <legend>{t("test.otherWays")}</legend>
      {choices.map(({ nodeId, name, ports }) => (
        <label key={nodeId} className={classes.way}>
          {name}
          <Select
            size="xs"
            w={170}
            aria-label={name}
            allowDeselect={false}
            data={[
              { value: AS_IT_COMES, label: t("test.asItComes") },
              ...ports.map(({ id, label }) => ({ value: id, label })),
            ]}
            value={ways[nodeId] ?? AS_IT_COMES}
            onChange={(port) => go(nodeId, port)}
          />
        </label>
      ))}
    </fieldset>
  );
}
