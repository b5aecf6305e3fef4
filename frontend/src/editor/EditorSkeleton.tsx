import { Skeleton } from "@mantine/core";

import classes from "./Editor.module.css";

/** The shape of the editor while it is on its way, so that nothing jumps. */
export function EditorSkeleton() {
  return (
    <div className={classes.editor} aria-busy>
      <Skeleton height={60} radius={0} animate={false} />
      <div className={classes.middle}>
        <div style={{ padding: 12 }}>
          {Array.from({ length: 8 }, (_, index) => (
            <Skeleton key={index} height={38} mb={8} />
          ))}
        </div>
        <div />
      </div>
    </div>
  );
}
