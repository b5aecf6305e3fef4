import type { ReactNode } from "react";

import classes from "./Rows.module.css";

interface RowsProps {
  /** What is listed, for screen readers. */
  label: string;
  children: ReactNode;
}

/** Rows in a frame; on a narrow screen each row folds into a small card. */
export function Rows({ label, children }: RowsProps) {
  return (
    <ul className={classes.rows} aria-label={label}>
      {children}
    </ul>
  );
}

interface RowProps {
  /** Track sizes of the cells on a wide screen, as in `grid-template-columns`. */
  columns: string;
  children: ReactNode;
}

/** What stands at the end of a row, and in the upper corner of the narrow card. */
export function RowCorner({ children }: { children: ReactNode }) {
  return <div className={classes.corner}>{children}</div>;
}

export function Row({ columns, children }: RowProps) {
  return (
    <li className={classes.row} style={{ "--columns": columns }}>
      {children}
    </li>
  );
}

/** What ticks a row: in front of it, and in the upper corner of the narrow card. */
export function RowTick({ children }: { children: ReactNode }) {
  return <div className={classes.tick}>{children}</div>;
}
