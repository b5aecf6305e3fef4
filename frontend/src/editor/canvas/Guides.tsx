import { memo } from "react";

import { useMotion } from "../store/EditorContext";
import classes from "./Canvas.module.css";
import { OnCanvas } from "./OnCanvas";

/** Far enough beyond every canvas to look endless. */
const REACH = 100_000;

/** Lines through the steps that the dragged one is level with. */
export const Guides = memo(function Guides() {
  const { upright, level } = useMotion((motion) => motion.guides);
  if (upright === null && level === null) return null;
  return (
    <OnCanvas>
      {upright !== null && (
        <div
          className={classes.guide}
          data-guide="upright"
          style={{ transform: `translate(${upright}px, ${-REACH}px)`, height: 2 * REACH }}
        />
      )}
      {level !== null && (
        <div
          className={classes.guide}
          data-guide="level"
          style={{ transform: `translate(${-REACH}px, ${level}px)`, width: 2 * REACH }}
        />
      )}
    </OnCanvas>
  );
});
