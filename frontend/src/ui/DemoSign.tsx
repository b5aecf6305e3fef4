import { IconBuildingStore } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { Sign } from "./Sign";

/** Marks what the demo shop made up. */
export function DemoSign() {
  const { t } = useTranslation("events");
  return (
    <Sign tone="quiet" icon={IconBuildingStore}>
      {t("source.demo")}
    </Sign>
  );
}
