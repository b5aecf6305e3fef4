import type { Json } from "@/api/types";

import classes from "./JsonView.module.css";

interface Props {
  value: Json;
  /** How many levels stand open at first. */
  open?: number;
}

/** Data as an outline that folds; made for reading, not for copying back. */
export function JsonView({ value, open = 2 }: Props) {
  return (
    <div className={classes.view}>
      <Entry value={value} open={open} />
    </div>
  );
}

function Entry({ name, value, open }: Props & { name?: string; open: number }) {
  const children = childrenOf(value);
  if (!children || children.length === 0) {
    return (
      <div className={classes.leaf}>
        {name !== undefined && <span className={classes.name}>{name}</span>}
        <Leaf value={value} />
      </div>
    );
  }
  const inner = children.map(([key, child]) => (
    <Entry key={key} name={key} value={child} open={open - 1} />
  ));
  if (name === undefined) return inner;
  return (
    <details open={open > 0} className={classes.branch}>
      <summary>
        <span className={classes.name}>{name}</span>
        <span className={classes.count}>{children.length}</span>
      </summary>
      <div className={classes.inner}>{inner}</div>
    </details>
  );
}

function childrenOf(value: Json): [string, Json][] | null {
  if (Array.isArray(value)) return value.map((item, index) => [String(index + 1), item]);
  return typeof value === "object" && value !== null ? Object.entries(value) : null;
}

function Leaf({ value }: { value: Json }) {
  if (value === null) return <span className={classes.nothing}>–</span>;
  if (typeof value === "object") {
    return <span className={classes.nothing}>{Array.isArray(value) ? "[]" : "{}"}</span>;
  }
  return <span className={classes[typeof value]}>{String(value)}</span>;
}
