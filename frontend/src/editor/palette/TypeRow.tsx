import { Tooltip } from "@mantine/core";
import { IconPlugX } from "@tabler/icons-react";
import { type PointerEvent, useId } from "react";

import { NodeIcon } from "@/ui/NodeIcon";
import type { NodeType } from "@/graph/catalog";

import classes from "./TypeRow.module.css";

interface Props {
  type: NodeType;
  onChoose: (type: NodeType) => void;
  onPointerDown?: (event: PointerEvent, type: NodeType) => void;
  /** What the step still needs, as a sentence. */
  need?: string;
  /** In a list that is walked with the arrows while the search field keeps the focus. */
  option?: { id: string; isActive: boolean };
}

/** One node type to choose, with its picture and what it does. */
export function TypeRow({ type, onChoose, onPointerDown, need = "", option }: Props) {
  const id = useId();
  const about = [type.description, need].filter(Boolean).join(" ");
  return (
    <Tooltip label={about} position="right" multiline maw={260} openDelay={500}>
      <button
        type="button"
        className={classes.row}
        data-kind={type.category}
        data-active={option?.isActive === true ? true : undefined}
        aria-describedby={need === "" ? undefined : id}
        onClick={() => onChoose(type)}
        onPointerDown={(event) => onPointerDown?.(event, type)}
        {...(option
          ? { id: option.id, role: "option", "aria-selected": option.isActive, tabIndex: -1 }
          : {})}
      >
        <span className={classes.icon}>
          <NodeIcon svg={type.icon} size={18} />
        </span>
        <span className={classes.label}>{type.label}</span>
        {need !== "" && (
          <>
            <IconPlugX size={16} className={classes.need} aria-hidden />
            <span id={id} hidden>
              {need}
            </span>
          </>
        )}
      </button>
    </Tooltip>
  );
}
