import { useTranslation } from "react-i18next";

import { useWaitingForMe } from "@/api/approvals";

import classes from "./WaitingBadge.module.css";

/** How many decisions and tasks wait for whoever is signed in. */
export function WaitingBadge() {
  const { t } = useTranslation();
  const count = useWaitingForMe();
  if (count === 0) return null;
  return (
    <span className={classes.badge} role="img" aria-label={t("nav.waiting", { count })}>
      {count}
    </span>
  );
}
