import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";

import { GRID } from "@/graph/geometry";

import classes from "./Notes.module.css";
import type { Resizing } from "./useResizing";

const BY_KEY: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-GRID, 0],
  ArrowRight: [GRID, 0],
  ArrowUp: [0, -GRID],
  ArrowDown: [0, GRID],
};

/** The corner that a note is pulled by; the arrows do the same. */
export function ResizeHandle({ begin, pull, end, grow }: Resizing) {
  const { t } = useTranslation("editor");
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = BY_KEY[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    grow(...by);
  };
  return (
    <button
      type="button"
      className={`${classes.corner ?? ""} nodrag nopan`}
      aria-label={t("noteCard.resize")}
      title={t("noteCard.resize")}
      onPointerDown={begin}
      onPointerMove={pull}
      onPointerUp={end}
      onPointerCancel={end}
      onKeyDown={onKeyDown}
    />
  );
}
