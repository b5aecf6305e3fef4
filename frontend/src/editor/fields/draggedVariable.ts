/** A value on its way from the input pane into a setting. */
import type { DragEvent } from "react";

import { liquidOf, type Variable } from "@/graph/variables";

const PATH = "application/x-cartwheel-path";

/** Texts take the placeholder as they take any dropped text; fields that hold a path take the path. */
export function dragVariable({ dataTransfer }: DragEvent, variable: Variable): void {
  dataTransfer.setData("text/plain", liquidOf(variable));
  dataTransfer.setData(PATH, variable.path);
  dataTransfer.effectAllowed = "copy";
}

/** Makes a field take dropped values. */
export function takingPaths(take: (path: string) => void) {
  return {
    onDragOver: (event: DragEvent) => {
      if (event.dataTransfer.types.includes(PATH)) event.preventDefault();
    },
    onDrop: (event: DragEvent) => {
      const path = event.dataTransfer.getData(PATH);
      if (path === "") return;
      event.preventDefault();
      take(path);
    },
  };
}
