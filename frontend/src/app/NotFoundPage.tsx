import { Button } from "@mantine/core";
import { IconCompass } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { EmptyState } from "@/ui/EmptyState";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <main>
      <EmptyState
        level={1}
        icon={IconCompass}
        title={t("notFound.title")}
        action={
          <Button component={Link} to="/workflows">
            {t("notFound.action")}
          </Button>
        }
      >
        {t("notFound.text")}
      </EmptyState>
    </main>
  );
}
