import "@/i18n/later/editor";

import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Json } from "@/api/types";
import { isObject } from "@/graph/values";
import { JsonView } from "@/ui/JsonView";

import { sampleWords } from "../fields/sampleWords";
import { CopyValue } from "./CopyValue";
import classes from "./DataView.module.css";

const VIEWS = ["table", "json", "schema"] as const;
export type DataLook = (typeof VIEWS)[number];

interface LookProps {
  look: DataLook;
  onChange: (look: DataLook) => void;
}

/** Between the three ways of looking at data. */
export function LookChoice({ look, onChange }: LookProps) {
  const { t } = useTranslation("editor");
  return (
    <SegmentedControl
      size="xs"
      aria-label={t("data.look")}
      value={look}
      onChange={onChange}
      data={VIEWS.map((value) => ({ value, label: t(`data.${value}`) }))}
    />
  );
}

/** Data as a table of its values, as an outline, or as the kinds of its values. */
export function DataView({ value, path }: { value: Json; path: string }) {
  const [look, setLook] = useState<DataLook>("table");
  const isPlain = typeof value !== "object" || value === null;
  return (
    <div className={classes.view}>
      <div className={classes.head}>
        <LookChoice look={look} onChange={setLook} />
        <CopyValue what="value" text={JSON.stringify(value, null, 2)} />
      </div>
      {look === "json" || isPlain ? (
        <JsonView value={value} />
      ) : (
        <table className={classes.table}>
          <tbody>
            {leavesOf(value, path).map((leaf) => (
              <Leaf key={leaf.path} {...leaf} base={path} look={look} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

interface LeafProps {
  path: string;
  value: Json;
}

function Leaf({ path, value, base, look }: LeafProps & { base: string; look: DataLook }) {
  const { t } = useTranslation("editor");
  const name = path.startsWith(`${base}.`) ? path.slice(base.length + 1) : path;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{look === "schema" ? t(`data.kind.${kindOf(value)}`) : sampleWords(value) || "–"}</td>
      <td className={classes.copies}>
        <CopyValue what="path" text={path} />
        <CopyValue what="value" text={textOf(value)} />
      </td>
    </tr>
  );
}

const MOST_ROWS = 200;

/** The values at the ends, with the paths by which later steps name them. */
function leavesOf(value: Json, path: string): LeafProps[] {
  const leaves: LeafProps[] = [];
  const walk = (part: Json, at: string): void => {
    if (leaves.length >= MOST_ROWS) return;
    const children = isObject(part) ? Object.entries(part) : [];
    if (children.length === 0) leaves.push({ path: at, value: part });
    for (const [name, child] of children) walk(child, at === "" ? name : `${at}.${name}`);
  };
  walk(value, path);
  return leaves;
}

function kindOf(value: Json): "text" | "number" | "boolean" | "list" | "object" | "nothing" {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "object";
  return typeof value === "string" ? "text" : (typeof value as "number" | "boolean");
}

export const textOf = (value: Json): string =>
  typeof value === "string" ? value : JSON.stringify(value, null, 2);
