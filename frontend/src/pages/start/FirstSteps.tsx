import { Stack } from "@mantine/core";

import { Checklist } from "./Checklist";
import { DemoShopNotice } from "./DemoShopCard";
import classes from "./Start.module.css";

interface Props {
  /** The workflow that a newcomer works on, once there is one. */
  newest: string | undefined;
}

/** Above the list of workflows: whether orders are made up, and what is left to do. */
export function FirstSteps({ newest }: Props) {
  return (
    <Stack gap="md" className={classes.firstSteps}>
      <DemoShopNotice />
      <Checklist newest={newest} />
    </Stack>
  );
}
