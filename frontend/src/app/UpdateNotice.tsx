import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { everythingSaved } from "@/ui/leaving";

import { whenOutdated } from "./newerVersion";
import classes from "./UpdateNotice.module.css";

const loadAgain = (): void => window.location.reload();

/** Above everything: what is clicked next may need a part that is gone. Travels with the page. */
export function UpdateNotice({ reload = loadAgain }: { reload?: () => void }) {
  const { t } = useTranslation();
  const [isOutdated, setOutdated] = useState(false);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => whenOutdated(() => setOutdated(true)), []);
  if (!isOutdated) return null;
  const leave = async (): Promise<void> => {
    setBusy(true);
    await everythingSaved();
    reload();
  };
  return (
    <div className={classes.notice} role="alert">
      <span>{t("updated.text")}</span>
      <Button size="xs" loading={isBusy} onClick={() => void leave()}>
        {t("updated.action")}
      </Button>
    </div>
  );
}
